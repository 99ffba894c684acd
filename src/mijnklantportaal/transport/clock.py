"""The time, and waiting: in one place, so that waits can be seen, interrupted and, in tests, skipped."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal

from ..testing import skipped, skips

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
        return time.monotonic() + skipped()

    def time(self) -> float:
        """UNIX seconds."""
        return time.time() + skipped()

    def announce(self, wait: Wait) -> None:
        """Says why and how long: to the log, and to the caller who asked to be told."""
        logger.info("%s: waiting %.1f s", wait.reason, wait.seconds)
        if self._on_wait is not None:
            self._on_wait(wait)

    def sleep(self, until: float, woken: SimpleQueue[None]) -> None:
        """Waits until a monotonic moment, or something in `woken`."""
        if not skips(until):
            with suppress(Empty):
                woken.get(timeout=min(max(0.0, until - self.monotonic()), threading.TIMEOUT_MAX))

    async def asleep(self, until: float) -> None:
        """Waits until a monotonic moment; cancellation ends it at once."""
        await asyncio.sleep(0 if skips(until) else until - self.monotonic())
