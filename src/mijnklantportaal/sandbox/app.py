"""The sandbox as an ASGI application: reads a request, asks the state for the response, delivers it."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mijnklantportaal.sandbox.responses import Response
from mijnklantportaal.sandbox.server import Connection
from mijnklantportaal.sandbox.state import State


def make_app(current_state: Callable[[], State]) -> ASGIApp:
    """Make the application; it looks up the state for each request, so that a reset takes effect at once."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        state = current_state()
        state.in_flight += 1
        state.max_in_flight = max(state.max_in_flight, state.in_flight)
        try:
            await _deliver(state.respond(Request(scope)), scope["state"]["connection"], receive, send)
        finally:
            state.in_flight -= 1

    return app


async def _deliver(response: Response, connection: Connection, receive: Receive, send: Send) -> None:
    if response.delay and await _disconnected_within(response.delay, receive):
        return
    body, drop = response.body, response.drop
    if drop != "before":
        headers = [*response.headers, ("Content-Length", str(len(body)))]
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
    if drop == "within":
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    if drop in {"before", "within"}:
        connection.close(reset=response.reset)
        await _disconnected_within(None, receive)
        return
    if drop == "after":
        connection.close_on_next_use(reset=response.reset)
    await send({"type": "http.response.body", "body": body})


async def _disconnected_within(seconds: float | None, receive: Receive) -> bool:
    """Wait, and tell whether the client disconnected (or the server stopped) in the meantime."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True
