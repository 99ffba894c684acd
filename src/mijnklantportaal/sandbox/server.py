"""Serves an ASGI application on a loopback port from a thread of its own, with uvicorn's HTTP/1.1 protocol.

Not uvicorn's `Server`, which polls every 0.1 s whether to stop, and logs: here, starting and stopping take a
few milliseconds, and only bugs in the application are logged.
"""

import asyncio
import socket
import struct
import threading
from concurrent.futures import Future
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_HOST = "127.0.0.1"


class ServerThread:
    """A running server; it cannot be restarted."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._running: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        listener = _listen_on(port)
        self.port: int = listener.getsockname()[1]
        name = f"mijnklantportaal-sandbox-{self.port}"
        self._thread = threading.Thread(target=self._run, args=(listener,), name=name, daemon=True)
        self._thread.start()
        try:
            self._loop, self._stop = self._running.result()
        except Exception as error:
            listener.close()
            self._thread.join()
            raise RuntimeError(f"the sandbox did not start: {error!r}") from error

    def stop(self) -> None:
        """Close all connections and wait until the thread has ended."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def settle(self) -> None:
        """Wait until all requests that have arrived are being handled, even if their client has gone."""
        if threading.current_thread() is not self._thread:
            asyncio.run_coroutine_threadsafe(self._turns(), self._loop).result()

    async def _turns(self) -> None:
        # A connection is accepted in one turn of the loop, read in the next, handled in a later one.
        for _ in range(10):
            await asyncio.sleep(0)

    def _run(self, listener: socket.socket) -> None:
        try:
            # Not the platform's default: `_serve` relies on this loop's readers.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve(listener))
        except BaseException as error:
            if self._running.done():
                raise  # pragma: no cover - a bug in asyncio; the thread shows its traceback
            self._running.set_exception(error)

    async def _serve(self, listener: socket.socket) -> None:
        config = Config(
            self._app,
            http=Connection,
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            timeout_keep_alive=300,  # so that no test depends on its own speed
        )
        state = ServerState()  # without default headers: the application sends its own Date
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        server = await loop.create_server(lambda: Connection(config, state, {}), sock=listener, backlog=1024)
        self._running.set_result((loop, stop))
        await stop.wait()
        # asyncio sets up each accepted connection in a task, which fails and leaks the socket once the server
        # is closed: so stop accepting, let those tasks run, close, and wait for all tasks to end.
        loop.remove_reader(listener)
        await asyncio.sleep(0)
        server.close()
        while state.connections or len(asyncio.all_tasks()) > 1:
            for connection in list(state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
        await server.wait_closed()


def _listen_on(port: int) -> socket.socket:
    # With IPPROTO_TCP, asyncio sets TCP_NODELAY; without it, every response takes 40 ms longer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise RuntimeError(f"the sandbox cannot listen on {_HOST}:{port}: {error}") from error
    return listener


class Connection(H11Protocol):
    """uvicorn's connection, which the application finds in `scope["state"]` and can drop."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, server_state, app_state | {"connection": self})
        self.access_log = False
        self._doomed: bool | None = None

    def hang_up(self, *, reset: bool) -> None:
        """Send what is buffered, then close the connection."""
        if reset:
            linger = self.transport.get_extra_info("socket")
            linger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.close()

    def doom(self, *, reset: bool) -> None:
        """Hang up as soon as the client uses the connection again."""
        self._doomed = reset

    def data_received(self, data: bytes) -> None:
        """Read on, or hang up if the connection is doomed."""
        if self._doomed is None:
            super().data_received(data)
        else:
            self.hang_up(reset=self._doomed)
