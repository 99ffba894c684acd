"""Tells the time and waits, so that waits can be announced, interrupted and, in tests, skipped."""

from __future__ import annotations

import asyncio
import logging
import math
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
    """A wait that begins: the argument of `on_wait`.

    Attributes:
        reason: The reason, for people to read.
        seconds: How long it will take.
        kind: `rate_limit`: until the next window; `maintenance`: the API responded with a server error and
            said when to retry (`Retry-After`); `retry`: the backoff before a failed request is retried.
        attempt: How often the request has been sent so far; 0 if it has not been sent yet.
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
        """Returns monotonic seconds, including skipped waits."""
        return time.monotonic() + skipped()

    def time(self) -> float:
        """Returns UNIX seconds, including skipped waits."""
        return time.time() + skipped()

    def announce(self, wait: Wait) -> None:
        """Logs the wait, and calls `on_wait`."""
        logger.info("%s: waiting %.1f s", wait.reason, wait.seconds)
        if self._on_wait is not None:
            self._on_wait(wait)

    def sleep(self, until: float, woken: SimpleQueue[None]) -> None:
        """Waits until this monotonic time, which can be infinite, or until there is something in `woken`."""
        if until == math.inf or not skips(until):
            with suppress(Empty):
                woken.get(timeout=min(max(0.0, until - self.monotonic()), threading.TIMEOUT_MAX))

    async def asleep(self, until: float, woken: asyncio.Event) -> None:
        """Waits until this monotonic time, which can be infinite, or until `woken` is set."""
        if until < math.inf and skips(until):
            await asyncio.sleep(0)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(until - self.monotonic()):
                await woken.wait()
        woken.clear()
