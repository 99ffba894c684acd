"""The rate limit's fixed window; the time is passed in."""

import math

REMAINING = "X-RateLimit-Remaining"


class FixedWindow:
    """Counts requests in a window that starts at its first counted request.

    Rejected requests are not counted and do not prolong the window. As in Laravel, its end is rounded down to
    whole seconds: `Retry-After` can be up to a second short, even 0.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._used = 0
        self._ends = -math.inf

    def take(self, now: float) -> bool:
        """Counts a request; returns False if the window is full."""
        if now >= self._ends:
            self._used, self._ends = 0, now + self._seconds
        if self._used >= self._limit:
            return False
        self._used += 1
        return True

    def headers(self, now: float, *, rejected: bool = False) -> dict[str, str]:
        """Returns the headers of a response."""
        used = self._used if now < self._ends else 0
        headers = {"X-RateLimit-Limit": str(self._limit), REMAINING: str(self._limit - used)}
        if rejected:
            ends = math.floor(self._ends)
            headers["Retry-After"] = str(max(0, ends - math.floor(now)))
            headers["X-RateLimit-Reset"] = str(ends)
        return headers
