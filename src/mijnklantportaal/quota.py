"""What an answer's headers say about the rate limit: pure, the clock is handed in."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that `Retry-After` asks to wait, from a number or an HTTP date.

    Args:
        headers: The answer's headers; names in any case, as httpx keeps them.
        now: The UNIX time at which the answer came.

    Returns:
        Seconds, never negative; `None` if the header is absent or junk.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def resets_at(headers: Mapping[str, str], now: float) -> datetime | None:
    """When the window ends: `X-RateLimit-Reset` (UNIX time), else `Retry-After` from now.

    Args:
        headers: The answer's headers; names in any case, as httpx keeps them.
        now: The UNIX time at which the answer came.

    Returns:
        A moment in UTC; `None` if neither header is there and makes sense.
    """
    wait = retry_after(headers, now)
    try:
        return datetime.fromtimestamp(int(headers["x-ratelimit-reset"]), UTC)
    except (LookupError, ValueError, OverflowError, OSError):
        pass
    try:
        return None if wait is None else datetime.fromtimestamp(now + wait, UTC)
    except (ValueError, OverflowError, OSError):
        return None
