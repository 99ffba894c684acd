"""Decides what to do next with a request. Pure, no I/O; shared by sync and async.

A driver does each step that `Policy.steps` yields and sends the outcome back, until it returns the successful
response or raises a typed error.
"""

from __future__ import annotations

import math
import random
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import httpx

from ..errors import SHUT, ClosedError, RateLimitError, RequestError
from ..exchange import current_exchange
from ..quota import Pause, Quota, Ticket, retry_after
from .clock import Wait
from .responses import checked, raise_typed, status_error

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..exchange import Exchange
    from .settings import Settings

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
RETRIED_STATUSES = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
LONGEST_BACKOFF = 8.0
RETRIED_ERRORS = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)

Outcome: TypeAlias = httpx.Response | BaseException
"""The outcome of an attempt: a response, whatever its status, or the exception raised."""


@dataclass(slots=True)
class Send:
    """Send the request now, and pass the outcome to `Policy.settle`.

    Attributes:
        ticket: The attempt's place in the quota.
        settled: Whether that has been done, or a task does both, even if the caller does not wait for it.
    """

    ticket: Ticket
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait until this monotonic time, which can be infinite, or until woken."""

    until: float


Step: TypeAlias = Send | Sleep


@dataclass(slots=True)
class _Progress:
    """The state of one request."""

    request: httpx.Request
    exchange: Exchange
    wake: Callable[[], object]
    patience: float
    attempts: int = 0
    retries: int = 0
    outcome: Outcome | None = None


class Policy:
    """Decides for all requests of a portal.

    Attributes:
        concurrency: How many requests may be in flight at the same time.
        closed: Whether the portal is closed: nothing more is sent, and no request waits.
    """

    def __init__(self, settings: Settings) -> None:
        self.concurrency = settings.concurrency
        self._settings = settings
        self._quota = Quota(settings.concurrency)
        self._clock = settings.clock
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], object]] = deque()
        self._announced = 0.0
        self.closed = False

    def remaining(self) -> int | None:
        """Returns how many requests are left in the window of the rate limit; `None` if unknown."""
        return self._quota.left

    def monotonic(self) -> float:
        """Returns the time, by the portal's clock."""
        return self._clock.monotonic()

    def steps(
        self, request: httpx.Request, wake: Callable[[], object]
    ) -> Generator[Step, Outcome | None, httpx.Response]:
        """Yields the steps of one request.

        Args:
            request: The request. It gets the API key, which is removed at the end, because errors and
                responses refer to the request.
            wake: Ends a wait of the driver. Called in any thread; must take no lock.

        Yields:
            What to do next. The driver sends the outcome of each `Send` back.

        Returns:
            The successful response.

        Raises:
            RequestError: The request failed.
            ClosedError: The portal is closed.
            Cancelled: The listing that it belongs to has ended.
        """
        exchange = current_exchange()
        exchange.request = request
        progress = _Progress(request, exchange, wake, self._settings.max_wait)
        self._settings.authorize(request)
        exchange.cancellation.add(wake)
        try:
            while True:
                outcome = yield from self._attempt(progress)
                if isinstance(outcome, httpx.Response) and outcome.status_code == 429:
                    continue  # it was not executed; the quota decides how long to wait
                wait = self._wait_before_retry(progress, outcome)
                if wait is None:
                    break
                progress.retries += 1
                self._clock.announce(wait)
                yield from self._sleep(progress, self._clock.monotonic() + wait.seconds)
            if isinstance(outcome, BaseException):
                raise_typed(outcome, request)
            exchange.response = checked(outcome, self._clock.time())
        except Exception as error:  # no other: the request may still be sent after a cancellation
            _remove_key(request)
            if isinstance(error, RequestError):
                error.attempts = progress.attempts
            raise
        finally:
            exchange.cancellation.remove(wake)
        _remove_key(request)
        return outcome

    def settle(self, send: Send, outcome: Outcome) -> None:
        """Records the outcome of an attempt."""
        with self._lock:
            if isinstance(outcome, BaseException):
                self._quota.lost(send.ticket)
            else:
                now, time = self._clock.monotonic(), self._clock.time()
                self._quota.responded(send.ticket, outcome.status_code, outcome.headers, now, time)
        send.settled = True
        self._wake()

    def lose(self, ticket: Ticket) -> None:
        """Records that an attempt has no outcome. Takes no lock, so that it can run anywhere."""
        self._quota.lost(ticket)
        self._wake()

    def close(self) -> None:
        """Ends all waits; nothing more is sent."""
        self.closed = True
        self._wake()

    def _attempt(self, progress: _Progress) -> Generator[Step, Outcome | None, Outcome]:
        """Sends the request once, when the quota allows it."""
        ticket = Ticket()
        send = Send(ticket)
        try:
            while (turn := self._turn(ticket, progress)) != "now":
                if turn == "later":
                    yield Sleep(math.inf)
                else:
                    yield from self._pause(turn, progress)
            progress.attempts += 1
            progress.exchange.sent = self._clock.monotonic()
            progress.outcome = outcome = yield send
        finally:
            if not send.settled:
                self.lose(ticket)
        progress.exchange.arrived = arrived = self._clock.monotonic()
        progress.exchange.cancellation.check()
        assert outcome is not None  # noqa: S101 - the driver always sends one
        if isinstance(outcome, httpx.Response):
            outcome.elapsed = timedelta(seconds=arrived - progress.exchange.sent)
        return outcome

    def _turn(self, ticket: Ticket, progress: _Progress) -> Literal["now", "later"] | Pause:
        """Asks the quota whether the request may be sent now."""
        self._check(progress)
        turn = self._admit(ticket)
        if turn == "later":
            self._waiting.append(progress.wake)
            turn = self._admit(ticket)  # again: a request may have ended before `wake` was added
            self._check(progress)
        return turn

    def _pause(self, pause: Pause, progress: _Progress) -> Generator[Step, Outcome | None, None]:
        """Waits for the rate limit."""
        seconds = pause.until - self._clock.monotonic()
        if seconds > progress.patience:
            raise self._too_long(progress, seconds)
        progress.patience -= max(0.0, seconds)
        with self._lock:
            begins, self._announced = pause.until > self._announced, max(pause.until, self._announced)
        if begins:
            reason = "the rate limit is reached"
            self._clock.announce(Wait(reason, seconds, "rate_limit", progress.attempts))
        yield from self._sleep(progress, pause.until)

    def _sleep(self, progress: _Progress, until: float) -> Generator[Step, Outcome | None, None]:
        while self._clock.monotonic() < until:
            self._waiting.append(progress.wake)
            self._check(progress)
            yield Sleep(until)
        self._check(progress)

    def _check(self, progress: _Progress) -> None:
        if self.closed:
            raise ClosedError(SHUT)
        progress.exchange.cancellation.check()

    def _admit(self, ticket: Ticket) -> Literal["now", "later"] | Pause:
        with self._lock:
            return self._quota.admit(ticket, self._clock.monotonic())

    def _wait_before_retry(self, progress: _Progress, outcome: Outcome) -> Wait | None:
        """Returns the wait before the request is retried; `None` if it is not."""
        if progress.request.method not in IDEMPOTENT or progress.retries == self._settings.max_retries:
            return None
        said = None
        if not isinstance(outcome, httpx.Response):
            if not isinstance(outcome, RETRIED_ERRORS):
                return None
            reason = f"no response ({type(outcome).__name__})"
        elif outcome.status_code not in RETRIED_STATUSES:
            return None
        else:
            reason = f"the API responded with {outcome.status_code}"
            said = retry_after(outcome.headers, self._clock.time())
        reason += f", attempt {progress.retries + 1} of {self._settings.max_retries + 1}"
        if not said:
            backoff = min(2**progress.retries, LONGEST_BACKOFF) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
            return Wait(reason, backoff, "retry", progress.attempts)
        if said > progress.patience:
            return None
        progress.patience -= said
        return Wait(reason, said, "maintenance", progress.attempts)

    def _too_long(self, progress: _Progress, seconds: float) -> RequestError:
        """Returns the error for a wait that is longer than `max_wait` allows."""
        if isinstance(progress.outcome, httpx.Response) and progress.outcome.status_code == 429:
            return status_error(progress.outcome, self._clock.time())
        error = RateLimitError(
            f"the rate limit is reached, and waiting {seconds:.0f} s more would exceed max_wait",
            request=progress.request,
        )
        error.retry_after = seconds
        with suppress(ValueError, OverflowError, OSError):
            error.resets_at = datetime.fromtimestamp(self._clock.time() + seconds, UTC)
        return error

    def _wake(self) -> None:
        for _ in range(len(self._waiting)):
            with suppress(IndexError, RuntimeError):  # another thread was faster; the event loop is closed
                self._waiting.popleft()()


def _remove_key(request: httpx.Request) -> None:
    with suppress(KeyError):
        del request.headers["Authorization"]
