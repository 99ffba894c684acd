"""Serves an ASGI application on a loopback port in a separate thread, with uvicorn's HTTP/1.1 protocol.

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
        self._started: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(port,), name="mijnklantportaal-sandbox", daemon=True
        )
        self._thread.start()
        try:
            self.port, self._loop, self._stop = self._started.result()
        except Exception as error:
            self._thread.join()
            raise RuntimeError(f"the sandbox cannot start on {_HOST}:{port}: {error}") from error

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

    def _run(self, port: int) -> None:
        try:
            # Not the platform's default: `_serve` relies on this loop's readers.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve(port))
        except BaseException as error:
            if self._started.done():
                raise  # pragma: no cover - a bug in asyncio; the thread shows its traceback
            self._started.set_exception(error)

    async def _serve(self, port: int) -> None:
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
        server = await loop.create_server(lambda: Connection(config, state, {}), _HOST, port, backlog=1024)
        (listener,) = server.sockets
        self._started.set_result((listener.getsockname()[1], loop, stop))
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


class Connection(H11Protocol):
    """uvicorn's connection, which the application finds in `scope["state"]` and can close."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, server_state, app_state | {"connection": self})
        self.access_log = False
        self._reset_on_next_use: bool | None = None

    def close(self, *, reset: bool) -> None:
        """Send what is buffered, then close the connection."""
        if reset:
            linger = self.transport.get_extra_info("socket")
            linger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.close()

    def close_on_next_use(self, *, reset: bool) -> None:
        """Close the connection as soon as the client uses it again."""
        self._reset_on_next_use = reset

    def data_received(self, data: bytes) -> None:
        """Handle the data, unless the connection is to be closed."""
        if self._reset_on_next_use is None:
            super().data_received(data)
        else:
            self.close(reset=self._reset_on_next_use)
