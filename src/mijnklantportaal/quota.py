"""Decides how many requests may be sent now, and how long to wait. Pure: the time is passed in.

The rate limit (upstream: rate-limiting; Laravel) is a fixed window that starts with its first counted
request. Every response says how many requests are left; only a 429 says when the window ends, up to a second
too early.
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
"""Seconds to add to `Retry-After`, which can be up to a second too short."""
WINDOW = 60.0
"""Seconds to wait after a 429 without `Retry-After`: the window that upstream documents."""


@dataclass(eq=False)
class Window:
    """A window of the rate limit that a request of this portal started.

    Attributes:
        opener: The number of the request that started it.
        responses_before: How many responses had arrived when that request was sent.
        opened: When its response arrived, so that the window had started. Monotonic seconds.
        date: The second in which it started, by the server's clock.
        responses: How many responses of this window have arrived.
    """

    opener: int
    responses_before: int
    opened: float
    date: float
    responses: int = 1


@dataclass(eq=False)
class Ticket:
    """One attempt to send a request: first waiting, then in flight, then settled.

    Attributes:
        number: 1 for the first request that was sent.
        responses_before: How many responses had arrived when it was sent.
        probe: Whether it is sent to find out if a new window has started.
        window: The window that was known when it was sent.
        in_window_before: How many responses of that window had arrived by then.
    """

    number: int = 0
    responses_before: int = 0
    probe: bool = False
    window: Window | None = None
    in_window_before: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing may be sent before this monotonic time."""

    until: float


class Quota:
    """The request quota of one portal. Not thread-safe except for `lost`: its owner uses a lock.

    `left` is how many requests may still be sent in this window. Each request decreases it, and each response
    corrects it within two bounds: no more are left than the response says, and no fewer than that minus our
    requests that it may not have counted. So it is exact while no other client uses the key, in whatever
    order responses arrive; other clients decrease it, and a new window increases it.

    While no other client uses the key, the end of a window is known as well: the response that says that all
    requests but one are left belongs to the request that started it, and the first 429 says how long a window
    is. Responses that contradict this are not used.

    Args:
        concurrency: How many requests may be in flight at the same time.

    Attributes:
        left: How many requests may still be sent in this window; `None` if unknown.
    """

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self.left: int | None = None
        self._remaining: float = math.inf
        self._used_up = False
        self._sent = 0
        # Weak, so that an attempt that Ctrl-C ends at any point does not count.
        self._in_flight: WeakSet[Ticket] = WeakSet()
        self._not_before = -math.inf
        self._sent_before_wait = 0
        self._window: Window | None = None
        self._length: float | None = None
        self._misled = False

    def admit(self, ticket: Ticket, now: float) -> Literal["now", "later"] | Pause:
        """Asks whether a request may be sent now.

        Args:
            ticket: The attempt. If it may be sent, call `responded` or `lost` afterwards.
            now: Monotonic seconds.

        Returns:
            Whether to send it now, later when another attempt has been settled, or after a pause.
        """
        not_before = max(self._not_before, self._end_of_used_up_window())
        if now < not_before:
            return Pause(not_before)
        in_flight = len(self._in_flight)
        probe = self.left is not None and self.left <= 0
        # A single request finds out whether a new window has started.
        if in_flight >= (1 if probe else min(self._concurrency, self._remaining)):
            return "later"
        self._sent += 1
        ticket.number, ticket.responses_before, ticket.probe = self._sent, self._sent - 1 - in_flight, probe
        ticket.window = self._window
        ticket.in_window_before = self._window.responses if self._window else 0
        if self.left is not None:
            self.left -= 1
        self._in_flight.add(ticket)
        return "now"

    def responded(
        self, ticket: Ticket, status: int, headers: Mapping[str, str], now: float, time: float
    ) -> None:
        """Records a response.

        Args:
            ticket: The attempt.
            status: The status. Errors can lack the headers of the rate limit.
            headers: The headers.
            now: Monotonic seconds.
            time: UNIX seconds, for a `Retry-After` that is a date.
        """
        try:
            self._in_flight.remove(ticket)
        except KeyError:  # already lost
            return
        if status == 429:
            self._rejected(ticket, headers, now, time)
            return
        if self._window is not None and ticket.number < self._window.opener:
            return  # it may belong to an earlier window
        remaining = _whole_number(headers.get("x-ratelimit-remaining"))
        if remaining is not None:
            least = remaining - (self._sent - 1 - ticket.responses_before)
            self.left = least if self.left is None else min(max(self.left, least), remaining)
            self._remaining = remaining
            self._used_up = self.left <= 0 and (self._used_up or remaining <= 0)
            self._look_at_window(ticket, remaining, headers, now)
        elif 200 <= status < 300 and ticket.probe:
            # It was accepted, without headers of a rate limit.
            self.left, self._remaining, self._used_up = None, math.inf, False

    def lost(self, ticket: Ticket) -> None:
        """Records that an attempt got no response; whether the API counted it is unknown."""
        self._in_flight.discard(ticket)

    def _rejected(self, ticket: Ticket, headers: Mapping[str, str], now: float, time: float) -> None:
        """Records a 429: nothing may be sent before the window ends.

        A 429 for a request that was sent before the current wait began does not extend the wait.
        """
        if ticket.number <= self._sent_before_wait:
            return
        said = retry_after(headers, time)
        if not self._used_up:  # another client has used it up
            self._window = None
        self.left, self._used_up = 0, True
        self._misled |= ticket.probe and -math.inf < self._end_of_used_up_window() <= now
        self._learn_length(headers, said, now)
        self._not_before = self._end_of_used_up_window()
        if self._not_before <= now:
            self._not_before = now + (WINDOW if said is None else said) + SAFETY
        self._sent_before_wait = self._sent

    def _look_at_window(self, ticket: Ticket, remaining: int, headers: Mapping[str, str], now: float) -> None:
        """Finds out whether this request started a window, and whether another client uses the key."""
        limit = _whole_number(headers.get("x-ratelimit-limit"))
        if limit is None:
            self._window = None
        elif remaining == limit - 1:
            date = _date(headers.get("date", ""))
            self._window = None if date is None else Window(ticket.number, ticket.responses_before, now, date)
        elif self._window is not None and ticket.number > self._window.opener:
            self._window.responses += 1
            least = limit - (self._sent - self._window.responses_before)
            most = limit - 1 - (ticket.in_window_before if ticket.window is self._window else 0)
            if not least <= remaining <= most:
                self._window = None

    def _learn_length(self, headers: Mapping[str, str], said: float | None, now: float) -> None:
        """Learns the length of a window from a 429: its end minus its start, by the server's clock."""
        self._length = None
        reset, date = _whole_number(headers.get("x-ratelimit-reset")), _date(headers.get("date", ""))
        if self._misled or self._window is None or date is None or said is None:
            return
        length = (date + said if reset is None else reset) - self._window.date
        # The server's times are in whole seconds, so that ours cannot differ by more.
        if length >= 1 and abs(self._window.opened + length - (now + said)) <= 2:
            self._length = length

    def _end_of_used_up_window(self) -> float:
        """Returns when the window ends, if it is used up and its end is known."""
        if self._length is None or self._window is None or not self._used_up:
            return -math.inf
        return self._window.opened + self._length


def retry_after(headers: Mapping[str, str], time: float) -> float | None:
    """Returns the seconds to wait according to `Retry-After`, a number or an HTTP date.

    Args:
        headers: The headers of the response; names are case-insensitive.
        time: When the response arrived, in UNIX seconds.

    Returns:
        Seconds, at least 0; `None` if the header is missing or invalid.
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
    """Returns when the window ends: `X-RateLimit-Reset` (UNIX time), or else `Retry-After` from now.

    Args:
        headers: The headers of the response; names are case-insensitive.
        time: When the response arrived, in UNIX seconds.

    Returns:
        A time in UTC; `None` if neither header is valid.
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
    """Returns the UNIX seconds of an HTTP date."""
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # HTTP dates are in UTC
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    except (ValueError, OverflowError):
        return None
