"""Skips the waits of portals, for tests of your own code."""

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
    """Skips the waits of all portals: those before a retry, and those for the rate limit.

    What is sent and what is raised stays the same: instead of waiting, the clock of portals is advanced.
    Timeouts are not skipped.

    Yields:
        The clock of portals, in UNIX seconds, for a stand-in for the API that has a rate limit.
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
    """The seconds by which the clock of portals is ahead."""
    return _skipped


def skips(until: float) -> bool:
    """Advances the clock of portals to this monotonic time if waits are skipped; returns whether they are."""
    global _skipped  # noqa: PLW0603 - see `no_waits`
    with _lock:
        if _users:
            _skipped = max(_skipped, until - time.monotonic())
        return _users > 0
