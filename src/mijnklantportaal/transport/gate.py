"""The gate before the network: nothing goes out that the rate limit or the concurrency forbids."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import httpx

from ..errors import RateLimitError
from ..exchange import check_wanted, ended_by
from ..quota import Quota, Ticket
from .answers import ATTEMPTS
from .clock import Clock, Wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import ReadBody


class Gate(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Shared by all threads and tasks of a portal; sends a request again after a 429, which was not executed.

    Args:
        inner: Where the requests go.
        concurrency: How many requests may be in flight at the same time.
        max_wait: Seconds that a request waits at most for the rate limit, in all; more is an error at once.
        clock: Tells the time, and waits.
    """

    def __init__(
        self,
        inner: ReadBody,
        *,
        concurrency: int,
        max_wait: float,
        clock: Clock,
    ) -> None:
        self._inner = inner
        self._quota = Quota(concurrency)
        self._max_wait = max_wait
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], object]] = []

    def capacity(self) -> int:
        """How many requests it makes sense to have under way at once."""
        return self._quota.capacity()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request when its turn comes."""
        patience = self._max_wait
        while True:
            check_wanted()
            answered = threading.Event()
            turn = self._admit(request, answered.set)
            if turn is None:
                with ended_by(answered.set):
                    answered.wait()
            elif not isinstance(turn, Ticket):
                self._clock.sleep(turn)
            else:
                try:
                    response = self._inner.handle_request(request)
                except BaseException:
                    self._lost()
                    raise
                patience -= self._answered(turn, response, patience)
                if response.status_code != 429 or patience < 0:
                    return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request when its turn comes."""
        patience = self._max_wait
        while True:
            answered = asyncio.Event()
            turn = self._admit(
                request, partial(asyncio.get_running_loop().call_soon_threadsafe, answered.set)
            )
            if turn is None:
                await answered.wait()
            elif not isinstance(turn, Ticket):
                await self._clock.asleep(turn)
            else:
                try:
                    response = await self._inner.handle_async_request(request)
                except BaseException:
                    self._lost()
                    raise
                patience -= self._answered(turn, response, patience)
                if response.status_code != 429 or patience < 0:
                    return response

    def close(self) -> None:
        """Closes what is behind the gate."""
        self._inner.close()

    async def aclose(self) -> None:
        """Closes what is behind the gate."""
        await self._inner.aclose()

    def _admit(self, request: httpx.Request, wake: Callable[[], object]) -> Ticket | float | None:
        """Asks the quota; if the answer is to wait for another request's, `wake` is called then."""
        with self._lock:
            turn = self._quota.admit(self._clock.monotonic())
            if turn is None:
                self._waiting.append(wake)
        if isinstance(turn, float) and turn > self._max_wait:
            raise self._too_long(request, turn)
        if isinstance(turn, Ticket):
            request.extensions[ATTEMPTS] = request.extensions.get(ATTEMPTS, 0) + 1
        return turn

    def _answered(self, ticket: Ticket, response: httpx.Response, patience: float) -> float:
        """Notes an answer; returns the seconds that it makes its own request wait, if it is that patient."""
        wait, is_new = 0.0, False
        with self._lock:
            if response.status_code == 429:
                now, time = self._clock.monotonic(), self._clock.time()
                wait, is_new = self._quota.rejected(ticket, response.headers, now, time)
            else:
                self._quota.answered(ticket, response.headers, good=response.is_success)
        self._wake()
        if is_new and wait <= patience:
            self._clock.announce(
                Wait("the rate limit is reached", wait, "rate_limit", response.request.extensions[ATTEMPTS])
            )
        return wait

    def _lost(self) -> None:
        with self._lock:
            self._quota.lost()
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            with suppress(RuntimeError):  # the event loop of a task that was cancelled may be closed
                wake()

    def _too_long(self, request: httpx.Request, seconds: float) -> RateLimitError:
        error = RateLimitError(
            f"the rate limit is reached, and {seconds:.0f} s is longer than max_wait", request=request
        )
        error.retry_after = seconds
        with suppress(ValueError, OverflowError, OSError):
            error.resets_at = datetime.fromtimestamp(self._clock.time() + seconds, UTC)
        return error
