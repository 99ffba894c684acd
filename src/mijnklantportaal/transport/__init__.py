"""Everything that is done with httpx: the key, the connections, the limit, retries, and typed errors.

A portal has one `Transport`, for sync and async alike, so that every generated call through its client is
treated the same, `with_headers()` and `with_timeout()` included. Its layers, from the caller to the wire:
`Errors(Retry(Gate(ReadBody(httpcore))))`; `Transport` itself is the outermost.
"""

from __future__ import annotations

import os
import threading

import httpx
from httpx_retries import RetryTransport

from ..errors import FORKED, ClosedError
from .answers import checked, typed_errors
from .auth import BearerAuth
from .clock import Clock, Wait
from .gate import Gate
from .retries import PatientRetry
from .session import AsyncSession, Session
from .wire import ReadBody

__all__ = ["AsyncSession", "BearerAuth", "Clock", "Session", "Transport", "Wait"]


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends requests and turns whatever is not a good answer into a typed error.

    Args:
        base_url: The portal's base URL.
        concurrency: How many requests may be in flight at the same time.
        max_wait: Seconds to wait at most, when the API says how long.
        clock: Tells the time, and waits.
    """

    def __init__(self, base_url: httpx.URL, *, concurrency: int, max_wait: float, clock: Clock) -> None:
        wire = ReadBody(base_url, connections=concurrency)
        self._gate = Gate(wire, concurrency=concurrency, max_wait=max_wait, clock=clock)
        self._inner = RetryTransport(self._gate, PatientRetry(clock, max_wait))
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._under_way = 0
        self._shut = False

    def capacity(self) -> int:
        """How many requests concurrency and rate limit allow to have under way at once, from 1."""
        return self._gate.capacity()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and checks its answer."""
        self._enter()
        try:
            with typed_errors(request):
                return checked(self._inner.handle_request(request))
        finally:
            if self._leave():
                self.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and checks its answer."""
        self._enter()
        try:
            with typed_errors(request):
                return checked(await self._inner.handle_async_request(request))
        finally:
            if self._leave():
                await self.aclose()

    def close(self) -> None:
        """Drops the connections; httpx calls this when a client that shares this transport is closed."""
        self._inner.close()

    async def aclose(self) -> None:
        """Drops the connections; httpx calls this when a client that shares this transport is closed."""
        await self._inner.aclose()

    def shut(self) -> bool:
        """Refuses every later request: the portal is closed for good.

        Returns:
            Whether the connections can be dropped now; else the last request under way drops them. (To close
            a connection under another thread would leave that thread waiting until its timeout.)
        """
        with self._lock:
            self._shut = True
            return self._under_way == 0

    def _enter(self) -> None:
        if os.getpid() != self._process:
            raise ClosedError(FORKED)
        with self._lock:
            if self._shut:
                raise ClosedError("this portal is closed; make a new one, or stay within its `with` block")
            self._under_way += 1

    def _leave(self) -> bool:
        """Whether this was the last request of a portal that was closed meanwhile."""
        with self._lock:
            self._under_way -= 1
            return self._shut and self._under_way == 0
