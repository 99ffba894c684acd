"""How a portal sends requests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

    from .clock import Clock

DEADLINE_IN_READ_TIMEOUTS = 4
"""The default deadline of an attempt, as a multiple of its read timeout."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a portal sends requests.

    Attributes:
        base_url: The portal's base URL.
        concurrency: Maximum number of requests in flight at the same time.
        max_wait: Maximum time in seconds that a request waits in total for the rate limit and for
            maintenance.
        max_retries: Maximum number of retries of a failed idempotent request.
        deadline: Maximum time in seconds that an attempt takes in total; `None` for a multiple of its read
            timeout.
        max_body_size: Maximum size in bytes of a response body, decompressed.
        clock: The time, and waiting.
    """

    base_url: httpx.URL
    concurrency: int
    max_wait: float
    max_retries: int
    deadline: float | None
    max_body_size: int
    clock: Clock

    def deadline_of(self, request: httpx.Request) -> float:
        """Returns the maximum time in seconds that an attempt to send this request takes in total."""
        if self.deadline is not None:
            return self.deadline
        read: float | None = request.extensions.get("timeout", {}).get("read")
        return math.inf if read is None else DEADLINE_IN_READ_TIMEOUTS * read
