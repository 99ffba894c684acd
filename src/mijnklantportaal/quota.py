"""How many requests may go out now, and how long to wait: pure, the clock is handed in.

What is known of the limit (upstream: rate-limiting; the behaviour of the framework behind it): a fixed window
that starts at its first counted request; every answer says how many are left of it; when it ends is said only
with a 429, and then up to a second short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SAFETY = 1.0
"""Seconds to wait on top of `Retry-After`, which can be up to a second short."""
WINDOW = 60.0
"""Seconds to wait after a 429 that does not say how long: the window that upstream documents."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The leave to send one request."""

    number: int
    """1 for the first request that was sent."""
    answered_before: int
    """How many requests had been answered when this one was sent."""
    probe: bool
    """Whether it is sent to find out if a new window has begun."""


class Quota:
    """The budget of one portal: which requests go out now. Not thread-safe: its owner locks.

    `left` is what may still be sent in this window. Sending takes one off; what an answer says corrects it,
    between two bounds: no more is left than the answer says, and no less than that minus the requests of ours
    that it may not have counted yet. So it is exact while nobody else uses the key, whatever the order in
    which answers come; others on the key lower it, a new window raises it.

    Args:
        concurrency: How many requests may be in flight at the same time.
    """

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._left: int | None = None
        self._remaining: int | None = None
        self._sent = 0
        self._answered = 0
        self._not_before = -math.inf
        self._sent_before_wait = 0

    def admit(self, now: float) -> Ticket | float | None:
        """Asks to send one request now.

        Args:
            now: Monotonic seconds.

        Returns:
            A ticket: send it, and call `answered`, `rejected` or `lost` afterwards. A number: wait so many
            seconds and ask again. `None`: ask again when another request has been answered.
        """
        if now < self._not_before:
            return self._not_before - now
        in_flight = self._sent - self._answered
        if self._left is None or self._remaining is None:
            admitted = in_flight < self._concurrency
        elif self._left <= 0:
            # Whether a new window has begun can only be found out by asking: one request, no more.
            admitted = in_flight == 0
        else:
            admitted = in_flight < min(self._concurrency, max(1, self._remaining))
        if not admitted:
            return None
        probe = self._left is not None and self._left <= 0
        if self._left is not None:
            self._left -= 1
        self._sent += 1
        return Ticket(self._sent, self._answered, probe)

    def answered(self, ticket: Ticket, headers: Mapping[str, str], *, good: bool) -> None:
        """Takes note of an answer that is not a 429.

        Args:
            ticket: The request's.
            headers: The answer's headers.
            good: Whether its status is 2xx; errors can come without the headers, and say nothing then.
        """
        self._answered += 1
        remaining = _whole_number(headers.get("x-ratelimit-remaining"))
        if remaining is not None:
            not_counted = self._sent - 1 - ticket.answered_before
            least = remaining - not_counted
            self._left = least if self._left is None else min(max(self._left, least), remaining)
            self._remaining = remaining
        elif good and ticket.probe:
            self._left = self._remaining = None  # it passed, and nothing tells of a limit

    def rejected(
        self, ticket: Ticket, headers: Mapping[str, str], now: float, time: float
    ) -> tuple[float, bool]:
        """Takes note of a 429: nothing goes out before `Retry-After` and a second more.

        A request that was sent before the wait began belongs to it, however late its 429 comes.

        Args:
            ticket: The request's.
            headers: The answer's headers.
            now: Monotonic seconds.
            time: UNIX seconds, for a `Retry-After` that is a date.

        Returns:
            Seconds to wait, and whether a new wait begins.
        """
        self._answered += 1
        if ticket.number <= self._sent_before_wait:
            return max(0.0, self._not_before - now), False
        said = retry_after(headers, time)
        wait = (WINDOW if said is None else said) + SAFETY
        self._left = self._remaining = 0
        self._not_before = now + wait
        self._sent_before_wait = self._sent
        return wait, True

    def lost(self) -> None:
        """Takes note of a request that got no answer; whether it was counted is unknown."""
        self._answered += 1

    def capacity(self) -> int:
        """How many requests it makes sense to have under way at once: a whole number from 1."""
        return self._concurrency if self._left is None else max(1, min(self._concurrency, self._left))


def retry_after(headers: Mapping[str, str], time: float) -> float | None:
    """The seconds that `Retry-After` asks to wait, from a number or an HTTP date.

    Args:
        headers: The answer's headers; names in any case, as httpx keeps them.
        time: The UNIX time at which the answer came.

    Returns:
        Seconds, never negative; `None` if the header is absent or junk.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
            if moment.tzinfo is None:  # an HTTP date is in UTC, whether or not it says so
                moment = moment.replace(tzinfo=UTC)
            seconds = moment.timestamp() - time
        except (ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def resets_at(headers: Mapping[str, str], time: float) -> datetime | None:
    """When the window ends: `X-RateLimit-Reset` (UNIX time), else `Retry-After` from now.

    Args:
        headers: The answer's headers; names in any case, as httpx keeps them.
        time: The UNIX time at which the answer came.

    Returns:
        A moment in UTC; `None` if neither header is there and makes sense.
    """
    reset = _whole_number(headers.get("x-ratelimit-reset"))
    wait = retry_after(headers, time)
    for moment in (reset, None if wait is None else time + wait):
        if moment is not None:
            try:
                return datetime.fromtimestamp(moment, UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _whole_number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
