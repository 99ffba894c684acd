"""One connection for sync calls, and the deadline that ends an attempt on it."""

from __future__ import annotations

import math
import socket
import threading
import time
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from .responses import DeadlineTimeout
from .wire import Body

if TYPE_CHECKING:
    import httpx

    from .policy import Outcome


class Connection:
    """A transport that one thread uses at a time, and that another thread can interrupt.

    Args:
        transport: One with a single connection, or the caller's, which all threads share.
    """

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self.transport = transport
        self.interrupted = False
        self._socket: socket.socket | None = None

    def send(self, request: httpx.Request, max_body_size: int) -> Outcome:
        """Sends a request once; returns its response, with the body read, or the exception raised."""
        traced = request.extensions
        request.extensions = {"trace": self._trace, **traced}
        try:
            response = self.transport.handle_request(request)
            self._connected(response.extensions.get("network_stream"))
            with closing(cast("httpx.SyncByteStream", response.stream)):
                body = Body(response, request, max_body_size)
                for chunk in body.stream:
                    body.add(chunk)
            outcome: Outcome = body.complete()
        except Exception as error:
            outcome = error
        finally:
            request.extensions = traced
        # A body that ends with its connection looks complete when it is interrupted.
        return DeadlineTimeout("the attempt took too long") if self.interrupted else outcome

    def interrupt(self) -> None:
        """Ends the attempt in flight: the thread that waits for the response gets an error."""
        self.interrupted = True
        if self._socket is not None:
            with suppress(OSError):  # closed meanwhile
                self._socket.shutdown(socket.SHUT_RDWR)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Handles httpx's `trace` events, one for each step of a request."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._connected(info["return_value"])
        elif event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            info["request"].extensions.pop(
                "trace", None
            )  # connected; tracing the later steps would only cost time

    def _connected(self, stream: Any) -> None:
        if stream is not None:
            self._socket = stream.get_extra_info("socket")
            if self.interrupted:
                self.interrupt()


class Deadline:
    """Interrupts attempts that take too long, from a thread that runs while there are attempts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[Connection, float] = {}
        self._next = math.inf  # when the thread looks again
        self._running = False
        self._closed = False
        self._woken: SimpleQueue[None] = SimpleQueue()

    def start(self, connection: Connection, seconds: float) -> None:
        """Starts the deadline of an attempt, which may take this long, from connecting to the last byte.

        There is none if no thread can be started, such as when the interpreter exits.
        """
        if seconds > threading.TIMEOUT_MAX:
            return
        with self._lock:
            self._ends[connection] = end = time.monotonic() + seconds
            if not self._running:
                with suppress(RuntimeError):
                    threading.Thread(target=self._run, name="mijnklantportaal-deadline", daemon=True).start()
                    self._running = True  # before the thread gets the lock
            elif end < self._next:
                self._woken.put(None)

    def stop(self, connection: Connection) -> None:
        """Ends the deadline of an attempt."""
        with self._lock:
            self._ends.pop(connection, None)
        if self._closed:
            self._woken.put(None)

    def close(self) -> None:
        """Ends the thread once no attempt is in flight."""
        self._closed = True
        self._woken.put(None)

    def _run(self) -> None:
        while True:
            with self._lock:
                now = time.monotonic()
                late = [connection for connection, end in self._ends.items() if end <= now]
                for connection in late:
                    del self._ends[connection]
                    connection.interrupt()
                if not self._ends:
                    self._running = False
                    return
                self._next = min(self._ends.values())
            with suppress(Empty):
                self._woken.get(timeout=self._next - now)
