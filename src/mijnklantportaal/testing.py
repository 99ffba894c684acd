"""Tests of your own code need not wait."""

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
    """Ends the waits of all portals at once: those before a retry, and those for the rate limit.

    What is sent and what is raised stay the same: instead of waiting, a portal's clock is put forward.
    Timeouts are real.

    Yields:
        A clock: UNIX seconds as portals see them, for a stand-in of the API that counts a rate limit.
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
    """The seconds by which the clocks of portals are ahead."""
    return _skipped


def skips(until: float) -> bool:
    """Puts the clocks of portals forward to this monotonic moment, if waits are switched off."""
    global _skipped  # noqa: PLW0603 - see `no_waits`
    with _lock:
        if _users:
            _skipped = max(_skipped, until - time.monotonic())
        return _users > 0
