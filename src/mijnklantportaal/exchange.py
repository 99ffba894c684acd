"""What a listing and the transport tell each other about one request, without knowing each other.

A generated call gives its caller only the model that it parsed. A listing wants more: the request and the
answer, for its errors; and it can ask the transport to give up a request that nobody waits for any more.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    import httpx


class Abandoned(Exception):  # noqa: N818 - no error: nobody waits for the answer any more
    """The listing that wanted this request has ended."""


class Wanted:
    """Whether a listing still wants the answers that its threads wait for, and how to end those waits."""

    def __init__(self) -> None:
        self._abandoned = False
        # Reentrant: a listing that was left open is collected, and so ends, within any line of any thread.
        self._changed = threading.Condition(threading.RLock())
        self._ends: list[Callable[[], None]] = []

    def abandon(self) -> None:
        """The listing has ended: so do all waits."""
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()
            for end in self._ends:
                end()

    def check(self) -> None:
        """Raises `Abandoned` if the listing has ended."""
        if self._abandoned:
            raise Abandoned

    def sleep(self, seconds: float) -> None:
        """Waits, at most until the listing ends; raises `Abandoned` then."""
        with self._changed:
            self._changed.wait_for(lambda: self._abandoned, seconds)
        self.check()

    @contextmanager
    def ended_by(self, end: Callable[[], None]) -> Generator[None]:
        """Calls `end` if the listing ends meanwhile, and raises `Abandoned` instead of what comes of it."""
        with self._changed:
            self.check()
            self._ends.append(end)
        try:
            yield
        finally:
            with self._changed:
                self._ends.remove(end)
            self.check()


@dataclass(slots=True)
class Exchange:
    """One request with its answer, as far as it got."""

    wanted: Wanted | None = None
    """Whether it still is; `None` if it cannot be abandoned."""
    request: httpx.Request | None = None
    response: httpx.Response | None = None


_current: ContextVar[Exchange | None] = ContextVar("mijnklantportaal_exchange", default=None)


def current_exchange() -> Exchange | None:
    """The exchange that a caller further up has opened, if any."""
    return _current.get()


def current_wanted() -> Wanted | None:
    """Whether the request that is made here is still wanted, if it can be abandoned at all."""
    exchange = _current.get()
    return None if exchange is None else exchange.wanted


def check_wanted() -> None:
    """Raises `Abandoned` if the request that is made here is not wanted any more."""
    wanted = current_wanted()
    if wanted is not None:
        wanted.check()


def ended_by(end: Callable[[], None]) -> AbstractContextManager[None]:
    """`Wanted.ended_by` of the request that is made here, if it can be abandoned at all."""
    wanted = current_wanted()
    return nullcontext() if wanted is None else wanted.ended_by(end)


@contextmanager
def opened_exchange(wanted: Wanted | None) -> Generator[Exchange]:
    """Opens an exchange for the generated call that is made within."""
    exchange = Exchange(wanted)
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)
