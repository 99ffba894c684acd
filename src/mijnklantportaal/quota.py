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
from typing import TYPE_CHECKING, Literal
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Mapping

SAFETY = 1.0
"""Seconds to wait on top of `Retry-After`, which can be up to a second short."""
WINDOW = 60.0
"""Seconds to wait after a 429 that does not say how long: the window that upstream documents."""


@dataclass(eq=False)
class Window:
    """A window of the rate limit that a request of this portal opened.

    Attributes:
        opener: The number of the request that opened it.
        answered_before: How many requests had been answered when that one was sent.
        opened: When it was open at the latest: the opener's answer was there. Monotonic seconds.
        date: The second in which it opened, by the server's clock.
        answers: How many requests of this window have been answered.
    """

    opener: int
    answered_before: int
    opened: float
    date: float
    answers: int = 1


@dataclass(eq=False)
class Ticket:
    """One attempt to send a request: first not admitted, then in flight, then settled.

    Attributes:
        number: 1 for the first request that was sent.
        answered_before: How many requests had been answered when this one was sent.
        probe: Whether it is sent to find out if a new window has begun.
        window: The window that was known to be open when it was sent.
        in_window_before: How many requests of that window had been answered by then.
    """

    number: int = 0
    answered_before: int = 0
    probe: bool = False
    window: Window | None = None
    in_window_before: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing goes out before this moment of the monotonic clock."""

    until: float


class Quota:
    """The budget of one portal: which requests go out now. Not thread-safe but for `lost`: its owner locks.

    `left` is what may still be sent in this window. Sending takes one off; what an answer says corrects it,
    between two bounds: no more is left than the answer says, and no less than that minus the requests of ours
    that it may not have counted yet. So it is exact while nobody else uses the key, whatever the order in
    which answers come; others on the key lower it, a new window raises it.

    While nobody else uses the key, the end of a window is known as well: an answer that says that all but one
    are left opened it, and the first 429 tells how long a window is. What does not fit is not believed.

    Args:
        concurrency: How many requests may be in flight at the same time.

    Attributes:
        left: How many requests may still be sent in this window, as far as is known.
    """

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self.left: int | None = None
        self._remaining = 0
        self._used_up = False
        self._sent = 0
        # Weakly: an attempt that was dropped on its way, as Ctrl-C can do within any line, holds no place.
        self._in_flight: WeakSet[Ticket] = WeakSet()
        self._not_before = -math.inf
        self._sent_before_wait = 0
        self._window: Window | None = None
        self._length: float | None = None
        self._misled = False

    def admit(self, ticket: Ticket, now: float) -> Literal["now", "later"] | Pause:
        """Asks to send one request now.

        Args:
            ticket: The attempt's. If it is admitted, call `answered` or `lost` afterwards.
            now: Monotonic seconds.

        Returns:
            Whether to send it now, or later: when another request has been settled, or not before a moment.
        """
        not_before = max(self._not_before, self._end_of_used_up_window())
        if now < not_before:
            return Pause(not_before)
        in_flight = len(self._in_flight)
        probe = self.left is not None and self.left <= 0
        if self.left is None:
            places = self._concurrency
        elif probe:
            # Whether a new window has begun can only be found out by asking: one request, no more.
            places = 1
        else:
            places = min(self._concurrency, max(1, self._remaining))
        if in_flight >= places:
            return "later"
        self._sent += 1
        ticket.number, ticket.answered_before, ticket.probe = self._sent, self._sent - 1 - in_flight, probe
        ticket.window = self._window
        ticket.in_window_before = self._window.answers if self._window else 0
        if self.left is not None:
            self.left -= 1
        self._in_flight.add(ticket)
        return "now"

    def answered(
        self, ticket: Ticket, status: int, headers: Mapping[str, str], now: float, time: float
    ) -> None:
        """Takes note of an answer.

        Args:
            ticket: The request's.
            status: The answer's status. An error can come without the headers, and says nothing then.
            headers: The answer's headers.
            now: Monotonic seconds.
            time: UNIX seconds, for a `Retry-After` that is a date.
        """
        if ticket not in self._in_flight:
            return  # given up before
        self._in_flight.discard(ticket)
        if status == 429:
            self._rejected(ticket, headers, now, time)
            return
        remaining = _whole_number(headers.get("x-ratelimit-remaining"))
        if remaining is not None:
            least = remaining - (self._sent - 1 - ticket.answered_before)
            self.left = least if self.left is None else min(max(self.left, least), remaining)
            self._remaining = remaining
            self._used_up = self.left <= 0 and (self._used_up or remaining <= 0)
            self._look_at_window(ticket, remaining, headers, now)
        elif 200 <= status < 300 and ticket.probe:
            self.left, self._used_up = None, False  # it passed, and nothing tells of a limit

    def lost(self, ticket: Ticket) -> None:
        """Takes note of a request that got no answer; whether it was counted is unknown."""
        self._in_flight.discard(ticket)

    def capacity(self) -> int:
        """How many requests it makes sense to have in flight at once: a whole number from 1."""
        return self._concurrency if self.left is None else max(1, min(self._concurrency, self.left))

    def _rejected(self, ticket: Ticket, headers: Mapping[str, str], now: float, time: float) -> None:
        """Takes note of a 429: nothing goes out before the window ends.

        A request that was sent before the wait began belongs to it, however late its 429 comes.
        """
        if ticket.number <= self._sent_before_wait:
            return
        said = retry_after(headers, time)
        if not self._used_up:  # somebody else has used it up
            self._window = None
        self.left, self._used_up = 0, True
        self._misled |= ticket.probe and -math.inf < self._end_of_used_up_window() <= now
        self._learn_length(headers, said, now)
        self._not_before = self._end_of_used_up_window()
        if self._not_before <= now:
            self._not_before = now + (WINDOW if said is None else said) + SAFETY
        self._sent_before_wait = self._sent

    def _look_at_window(self, ticket: Ticket, remaining: int, headers: Mapping[str, str], now: float) -> None:
        """Finds out whether this answer's request opened a window, and whether somebody else uses the key."""
        limit = _whole_number(headers.get("x-ratelimit-limit"))
        if limit is None:
            self._window = None
        elif remaining == limit - 1:
            date = _date(headers.get("date", ""))
            self._window = None if date is None else Window(ticket.number, ticket.answered_before, now, date)
        elif self._window is not None and ticket.number > self._window.opener:
            self._window.answers += 1
            least = limit - (self._sent - self._window.answered_before)
            most = limit - 1 - (ticket.in_window_before if ticket.window is self._window else 0)
            if not least <= remaining <= most:
                self._window = None

    def _learn_length(self, headers: Mapping[str, str], said: float | None, now: float) -> None:
        """From a 429: when the window ends, minus when it opened, both by the server's clock."""
        self._length = None
        reset, date = _whole_number(headers.get("x-ratelimit-reset")), _date(headers.get("date", ""))
        if self._misled or self._window is None or date is None or said is None:
            return
        length = (date + said if reset is None else reset) - self._window.date
        # Both clocks are in whole seconds; what the answers' own times say cannot differ by more.
        if length >= 1 and abs(self._window.opened + length - (now + said)) <= 2:
            self._length = length

    def _end_of_used_up_window(self) -> float:
        """When the window ends, if nothing is left of it and its end is known."""
        if self._length is None or self._window is None or not self._used_up:
            return -math.inf
        return self._window.opened + self._length


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
        moment = _date(text)
        if moment is None:
            return None
        seconds = moment - time
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


def _date(text: str) -> float | None:
    """The UNIX seconds of an HTTP date."""
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # an HTTP date is in UTC, whether or not it says so
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    except (ValueError, OverflowError):
        return None
