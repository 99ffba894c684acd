"""Skips the waits of portals in tests of your own code."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_lock = threading.Lock()
_users = 0
_skipped = 0.0


@contextmanager
def no_waits() -> Generator[Callable[[], float]]:
    """Skips the waits of all portals in this process: before a retry, for the rate limit, for maintenance.

    Instead of waiting, portals advance their clock, so the requests sent and the errors raised stay the same.
    (But if several requests wait at the same time, the wait counts towards the `max_wait` of only one.)
    Timeouts and deadlines are not skipped. After the block, waits are real again, but the clock of portals
    stays ahead, because a clock must not go back.

    A stand-in for the API that has a rate limit needs the same clock: `Sandbox(clock=clock)`. Otherwise, its
    window does not end when the portal's wait does.

    Yields:
        The clock of portals, a function that returns UNIX seconds.
    """
    global _users  # noqa: PLW0603 - one switch for the process: the code under test may use any thread
    with _lock:
        _users += 1
    try:
        yield lambda: time.time() + _skipped
    finally:
        with _lock:
            _users -= 1


def skipped() -> float:
    """Returns the seconds by which the clock of portals is ahead."""
    return _skipped


def skips(until: float) -> bool:
    """Advances the clock of portals to this monotonic time if waits are skipped; returns whether they are."""
    global _skipped  # noqa: PLW0603 - see `no_waits`
    with _lock:
        if _users:
            _skipped = max(_skipped, until - time.monotonic())
        return _users > 0
