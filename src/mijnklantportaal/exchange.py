"""What a listing and the transport share about one request, without depending on each other.

A generated call returns only the model that it parsed. A listing also needs the request and the response, for
its errors, and the times at which they were sent and received; and it can cancel requests.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from contextvars import Token

    import httpx


class Cancelled(Exception):  # noqa: N818 - not an error: nothing waits for the response any more
    """The listing that this request belongs to has ended."""


class Cancellation:
    """Ends the waits of a listing's requests; requests in flight finish by themselves.

    The garbage collector can end a listing within any line of any thread, even one that holds a lock. So
    nothing here takes a lock.
    """

    def __init__(self) -> None:
        self._cancelled = False
        self._wakes: list[Callable[[], object]] = []

    def cancel(self) -> None:
        """Ends all waits; nothing more is sent."""
        self._cancelled = True
        for wake in self._wakes.copy():
            wake()

    def check(self) -> None:
        """Raises `Cancelled` if the listing has ended."""
        if self._cancelled:
            raise Cancelled

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Generator[None]:
        """Calls `wake`, which must take no lock either, if the listing ends within the `with` block."""
        self._wakes.append(wake)
        try:
            yield
        finally:
            self._wakes.remove(wake)


@dataclass(slots=True)
class Exchange:
    """One request and its response; in a `with` block, that of the generated call within it.

    Attributes:
        cancellation: That of the listing; `None` if the request cannot be cancelled.
        request: The request, once the transport of a portal has it.
        response: The successful response.
        sent: When the last attempt was sent, in monotonic seconds; when the call began, if it is unknown.
        arrived: When its outcome was known.
    """

    cancellation: Cancellation | None = None
    request: httpx.Request | None = None
    response: httpx.Response | None = None
    sent: float = 0.0
    arrived: float | None = None
    _token: Token[Exchange | None] = field(init=False, repr=False)

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        _current.reset(self._token)

    def check(self) -> None:
        """Raises `Cancelled` if the listing that this request belongs to has ended."""
        if self.cancellation is not None:
            self.cancellation.check()

    def waking(self, wake: Callable[[], object]) -> AbstractContextManager[None]:
        """`Cancellation.waking`, if the request can be cancelled."""
        return nullcontext() if self.cancellation is None else self.cancellation.waking(wake)


_current: ContextVar[Exchange | None] = ContextVar("mijnklantportaal_exchange", default=None)


def current_exchange() -> Exchange:
    """The exchange whose `with` block this call is in, or a new one."""
    return _current.get() or Exchange()
