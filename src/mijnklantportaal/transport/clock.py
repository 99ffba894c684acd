"""The time, and waiting: in one place, so that waits can be seen, interrupted and, in tests, faked."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..exchange import Wanted, current_wanted

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger("mijnklantportaal")


@dataclass(frozen=True)
class Wait:
    """A wait that begins: what `on_wait` is called with.

    Attributes:
        reason: Why, in plain words.
        seconds: How long.
        kind: Why: the rate limit is reached, the API said how long it is in maintenance, or a failed attempt
            is retried after a moment.
        attempt: How often the request was sent so far.
    """

    reason: str
    seconds: float
    kind: Literal["rate_limit", "maintenance", "retry"]
    attempt: int


class Clock:
    """Tells the time and waits.

    Args:
        on_wait: Called when a wait begins, in the thread or task that waits.
    """

    def __init__(self, on_wait: Callable[[Wait], None] | None) -> None:
        self._on_wait = on_wait

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    def time(self) -> float:
        """UNIX seconds."""
        return time.time()

    def announce(self, wait: Wait) -> None:
        """Says why and how long: to the log, and to the caller who asked to be told."""
        logger.info("%s: waiting %.1f s", wait.reason, wait.seconds)
        if self._on_wait is not None:
            self._on_wait(wait)

    def sleep(self, seconds: float) -> None:
        """Waits; Ctrl-C and the end of the listing end it at once.

        Raises:
            Abandoned: The listing has ended.
        """
        wanted = current_wanted() or Wanted()
        wanted.sleep(min(seconds, threading.TIMEOUT_MAX))

    async def asleep(self, seconds: float) -> None:
        """Waits; cancellation ends it at once."""
        await asyncio.sleep(seconds)
