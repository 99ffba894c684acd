"""The rate limit's fixed window: pure, the clock's reading is handed in."""

import math


class FixedWindow:
    """Counts requests in a window that starts at its first counted request.

    A rejected request is not counted and does not prolong the window. Like Laravel's, it tells its end in
    whole seconds, rounded down: `Retry-After` can be up to a second short, and 0.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self._seconds = seconds
        self._used = 0
        self._ends = -math.inf

    def take(self, now: float) -> bool:
        """Count one request; False when the window has no room for it."""
        if now >= self._ends:
            self._used, self._ends = 0, now + self._seconds
        if self._used >= self.limit:
            return False
        self._used += 1
        return True

    def remaining(self, now: float) -> int:
        """Tell how many requests may still come before the window ends."""
        return self.limit if now >= self._ends else self.limit - self._used

    def resets_at(self) -> int:
        """Tell the UNIX time, in whole seconds, at which the current window ends."""
        return math.floor(self._ends)

    def retry_after(self, now: float) -> int:
        """Tell how many whole seconds that is from now."""
        return max(0, self.resets_at() - math.floor(now))
