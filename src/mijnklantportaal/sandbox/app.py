"""The sandbox as an ASGI application: reads a request, asks the state for the response, delivers it."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mijnklantportaal.sandbox.responses import Response
from mijnklantportaal.sandbox.server import Connection
from mijnklantportaal.sandbox.state import Call, State


def make_app(current_state: Callable[[], State]) -> ASGIApp:
    """Make the application; it looks up the state for each request, so that a reset takes effect at once."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        state = current_state()
        state.enter()
        try:
            await _deliver(state.respond(_call(Request(scope))), scope["state"]["connection"], receive, send)
        finally:
            state.leave()

    return app


def _call(request: Request) -> Call:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    host, port = request.scope["server"]
    return Call(
        request.method,
        request.scope["path"],
        request.scope["query_string"].decode("latin-1"),
        page=request.query_params.get("page"),
        token=token if scheme.lower() == "bearer" else None,
        origin=f"{request.url.scheme}://{request.headers.get('Host', f'{host}:{port}')}",
    )


async def _deliver(response: Response, connection: Connection, receive: Receive, send: Send) -> None:
    if response.delay and await _gone_within(response.delay, receive):
        return
    if response.drop == "before":
        connection.hang_up(reset=response.reset)
        await _gone_within(None, receive)
        return
    headers = [*response.headers, ("Content-Length", str(len(response.body)))]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    if response.drop == "within":
        half = response.body[: len(response.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        connection.hang_up(reset=response.reset)
        await _gone_within(None, receive)
        return
    if response.drop == "after":
        connection.doom(reset=response.reset)
    await send({"type": "http.response.body", "body": response.body})


async def _gone_within(seconds: float | None, receive: Receive) -> bool:
    """Wait, and tell whether the client disconnected (or the server stopped) in the meantime."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True
