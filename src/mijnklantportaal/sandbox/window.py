"""The rate limit's fixed window; the time is passed in."""

import math


class FixedWindow:
    """Counts requests in a window that starts at its first counted request.

    Rejected requests are not counted and do not prolong the window. As in Laravel, its end is rounded down to
    whole seconds: `Retry-After` can be up to a second short, even 0.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self._seconds = seconds
        self._used = 0
        self._ends = -math.inf

    def take(self, now: float) -> bool:
        """Count a request; return False if the window is full."""
        if now >= self._ends:
            self._used, self._ends = 0, now + self._seconds
        if self._used >= self.limit:
            return False
        self._used += 1
        return True

    def remaining(self, now: float) -> int:
        """Return how many requests are left in the window."""
        return self.limit if now >= self._ends else self.limit - self._used

    def resets_at(self) -> int:
        """Return when the window ends, in whole UNIX seconds."""
        return math.floor(self._ends)

    def retry_after(self, now: float) -> int:
        """Return the whole seconds until then."""
        return max(0, self.resets_at() - math.floor(now))
