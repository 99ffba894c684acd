"""What a listing and the transport share about one request, without depending on each other.

A generated call returns only the model that it parsed. A listing also needs the request and the response, for
its errors, and the times at which they were sent and received; and it can cancel requests.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token

    import httpx


class Cancelled(Exception):  # noqa: N818 - not an error: the response is no longer needed
    """The listing that this request belongs to has ended."""


class Cancellation:
    """Ends the waits of a listing's requests; requests in flight finish by themselves.

    The garbage collector can end a listing at any point in any thread, even while the thread holds a lock.
    So nothing here takes a lock.
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

    def add(self, wake: Callable[[], object]) -> None:
        """Calls `wake` if the listing ends, until `remove`; `wake` must take no lock."""
        self._wakes.append(wake)

    def remove(self, wake: Callable[[], object]) -> None:
        """Undoes `add`."""
        self._wakes.remove(wake)


@dataclass(slots=True)
class Exchange:
    """One request and its response; as a `with` block, those of the generated call in it.

    Attributes:
        cancellation: The listing's; by default, one that is never cancelled.
        request: The request, once a portal's transport has received it.
        response: The successful response.
        sent: When the last attempt was sent, in monotonic seconds; if unknown, when the call began.
        arrived: When the outcome of that attempt was known.
    """

    cancellation: Cancellation = field(default_factory=Cancellation)
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


_current: ContextVar[Exchange | None] = ContextVar("mijnklantportaal_exchange", default=None)


def current_exchange() -> Exchange:
    """Returns the exchange whose `with` block this call is in, or a new one."""
    return _current.get() or Exchange()
