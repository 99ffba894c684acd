"""What a listing and the transport tell each other about one request, without knowing each other.

A generated call gives its caller only the model that it parsed. A listing wants more: the request and the
answer, for its errors, and when they were sent and came; and it can cancel what it no longer waits for.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    import httpx


class Cancelled(Exception):  # noqa: N818 - not an error: nobody waits for the answer any more
    """The listing that wanted this request has ended."""


class Cancellation:
    """Ends the waits of a listing's requests; what has been sent is left to finish by itself.

    A listing that was left open ends wherever the garbage collector finds it: within any line of any thread,
    perhaps one that holds a lock. So nothing here takes one.
    """

    def __init__(self) -> None:
        self._cancelled = False
        self._wakes: list[Callable[[], object]] = []

    def cancel(self) -> None:
        """The listing has ended: so do all waits, and nothing more is sent."""
        self._cancelled = True
        for wake in self._wakes.copy():
            wake()

    def check(self) -> None:
        """Raises `Cancelled` if the listing has ended."""
        if self._cancelled:
            raise Cancelled

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Generator[None]:
        """Calls `wake`, which must take no lock either, if the listing ends meanwhile."""
        self._wakes.append(wake)
        try:
            yield
        finally:
            self._wakes.remove(wake)


@dataclass(slots=True)
class Exchange:
    """One request with its answer, as far as it got.

    Attributes:
        cancellation: The listing's; `None` if the request cannot be cancelled.
        request: The request, once a portal's transport has it.
        response: The good answer.
        sent: When the last attempt was sent, in seconds of the portal's monotonic clock.
        arrived: When its outcome was there, by the same clock.
    """

    cancellation: Cancellation | None = None
    request: httpx.Request | None = None
    response: httpx.Response | None = None
    sent: float | None = None
    arrived: float | None = None

    def check(self) -> None:
        """Raises `Cancelled` if the listing that wanted this request has ended."""
        if self.cancellation is not None:
            self.cancellation.check()

    def waking(self, wake: Callable[[], object]) -> AbstractContextManager[None]:
        """`Cancellation.waking`, if the request can be cancelled."""
        return nullcontext() if self.cancellation is None else self.cancellation.waking(wake)


_current: ContextVar[Exchange | None] = ContextVar("mijnklantportaal_exchange", default=None)


def current_exchange() -> Exchange:
    """The exchange that a caller further up has opened, or else a new one."""
    return _current.get() or Exchange()


@contextmanager
def opened_exchange(cancellation: Cancellation | None = None) -> Generator[Exchange]:
    """Opens an exchange for the generated call that is made within."""
    exchange = Exchange(cancellation)
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)
