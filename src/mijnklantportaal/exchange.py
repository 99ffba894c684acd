"""What a listing and the transport tell each other about one request, without knowing each other.

A generated call gives its caller only the model that it parsed. A listing wants more: the request and the
answer, for its errors; and it can ask the transport to give up a request that nobody waits for any more.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator

    import httpx


@dataclass(slots=True)
class Exchange:
    """One request with its answer, as far as it got."""

    abandoned: threading.Event | None = None
    """Set when the request is not wanted any more; `None` if it cannot be abandoned."""
    request: httpx.Request | None = None
    response: httpx.Response | None = None


_current: ContextVar[Exchange | None] = ContextVar("mijnklantportaal_exchange", default=None)


def current_exchange() -> Exchange | None:
    """The exchange that a caller further up has opened, if any."""
    return _current.get()


@contextmanager
def opened_exchange(abandoned: threading.Event | None) -> Generator[Exchange]:
    """Opens an exchange for the generated call that is made within."""
    exchange = Exchange(abandoned)
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)
