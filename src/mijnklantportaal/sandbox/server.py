"""Serves the state of a sandbox over HTTP/1.1, on a loopback port, in a separate thread."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import responses as reasons

import h11

from mijnklantportaal.sandbox.responses import Response
from mijnklantportaal.sandbox.state import State

_HOST = "127.0.0.1"
_CHUNK = 65_536


class ServerThread:
    """A running server; it cannot be restarted.

    It looks up the state for each request, so that a reset takes effect at once.
    """

    def __init__(self, current_state: Callable[[], State], port: int) -> None:
        try:
            self._listener = socket.create_server((_HOST, port), backlog=1024)
        except OSError as error:
            raise RuntimeError(f"the sandbox cannot start on {_HOST}:{port}: {error}") from error
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._current_state = current_state
        self._loop = asyncio.SelectorEventLoop()  # the platform's default may lack readers
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="mijnklantportaal-sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> BaseException | None:
        """Closes all connections, waits until the thread has ended, and returns the user's first error."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        return self._error

    def settle(self) -> None:
        """Waits until all requests that have arrived are being handled, even if the client has left."""
        if threading.current_thread() is not self._thread:
            for _ in range(10):  # a connection is accepted in one turn of the loop, and read in a later one
                asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result()

    def _run(self) -> None:
        with self._listener, asyncio.Runner(loop_factory=lambda: self._loop):
            self._loop.add_reader(self._listener, self._accept)
            self._loop.run_forever()
            self._loop.remove_reader(self._listener)
            # A connection that has not begun would not close its socket; the runner cancels all of them.
            self._loop.run_until_complete(asyncio.sleep(0))

    def _accept(self) -> None:
        with suppress(BlockingIOError, ConnectionAbortedError):
            while True:
                client, _ = self._listener.accept()
                client.setblocking(False)
                self._loop.create_task(self._converse(client))

    async def _converse(self, client: socket.socket) -> None:
        """Handles the requests of a connection, one after another."""
        http = h11.Connection(h11.SERVER)
        with client, suppress(ConnectionError, h11.RemoteProtocolError):
            while request := await self._receive(client, http):
                response = await self._respond(client, http, request)
                if response.drop == "after":
                    await self._loop.sock_recv(client, _CHUNK)
                if response.reset:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if response.drop or http.our_state is h11.MUST_CLOSE:
                    break
                http.start_next_cycle()

    async def _receive(self, client: socket.socket, http: h11.Connection) -> h11.Request | None:
        """Reads a request, and its body, which is not used; returns None when the client disconnects."""
        request = None
        while not isinstance(event := http.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
            if isinstance(event, h11.Request):
                request = event
            elif event is h11.NEED_DATA:
                http.receive_data(await self._loop.sock_recv(client, _CHUNK))
        return request

    async def _respond(self, client: socket.socket, http: h11.Connection, request: h11.Request) -> Response:
        state = self._current_state()
        state.in_flight += 1
        state.max_in_flight = max(state.max_in_flight, state.in_flight)
        try:
            try:
                response = state.respond(request)
                encoded = b"" if response.drop == "before" else _encode(response, http, request)
            except BaseException as error:  # of a function of the user's; pytest.fail() raises no Exception
                self._error = self._error or error
                raise ConnectionAbortedError from error
            await asyncio.sleep(response.delay)
            await self._loop.sock_sendall(client, encoded)
        finally:
            state.in_flight -= 1
        return response


def _encode(response: Response, http: h11.Connection, request: h11.Request) -> bytes:
    """Encodes what to send of a response."""
    headers = [*response.headers.items(), ("Content-Length", str(len(response.body)))]
    reason = reasons.get(response.status, "")
    body = b"" if request.method == b"HEAD" else response.body
    events: list[h11.Event] = [h11.Response(status_code=response.status, headers=headers, reason=reason)]
    if response.drop == "within":
        events += [h11.Data(data=body[: len(body) // 2])]
    else:
        events += [h11.Data(data=body), h11.EndOfMessage()]
    return b"".join(filter(None, map(http.send, events)))
