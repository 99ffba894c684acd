"""The state of a running sandbox: its key, rows, rate limit and requests. No sockets."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TypedDict, cast, get_args
from urllib.parse import unquote

import h11

from mijnklantportaal.sandbox import routes
from mijnklantportaal.sandbox.customers import words
from mijnklantportaal.sandbox.faults import Fault, Faults, ReceivedRequest, Status
from mijnklantportaal.sandbox.responses import Response, page_number, respond
from mijnklantportaal.sandbox.store import Change, Fields, Order, Store
from mijnklantportaal.sandbox.window import REMAINING, FixedWindow


class Options(TypedDict, total=False):
    """The options of a sandbox; `Sandbox` explains them."""

    customers: int
    items: Mapping[str, int]
    rows: Mapping[str, Sequence[Fields]]
    seed: int
    limit: int | None
    window: float
    latency: float
    order: Order
    changes: Sequence[Change]
    faults: Faults | None
    clock: Callable[[], float]
    document: str | PathLike[str] | None


@dataclass(kw_only=True)
class State:
    """Everything that a running sandbox remembers; `Sandbox.reset` replaces it."""

    api_key: str
    customers: int = 100
    items: Mapping[str, int] = field(default_factory=dict[str, int])
    rows: Mapping[str, Sequence[Fields]] = field(default_factory=dict[str, Sequence[Fields]])
    seed: int = 0
    limit: int | None = 60
    window: float = 60.0
    latency: float = 0.0
    order: Order = "newest"
    changes: Sequence[Change] = ()
    faults: Faults | None = None
    clock: Callable[[], float] = time.time
    document: str | PathLike[str] | None = None

    def __post_init__(self) -> None:
        if min([self.customers, *self.items.values()]) < 0:
            raise ValueError("customers and items must not be negative")
        if not 0 <= self.latency < math.inf:
            raise ValueError("latency must be a number of seconds")
        if not 0 < self.window < math.inf:
            raise ValueError("window must be a positive number of seconds")
        limit = cast("object", self.limit)
        if limit is not None and not (isinstance(limit, int) and limit >= 1):
            raise ValueError("limit must be a positive integer (None means no limit)")
        given = cast("Mapping[int, object]", self.faults or {})
        by_number = hasattr(given, "values") and all(isinstance(each, Fault) for each in given.values())
        if not (by_number or callable(self.faults)):
            raise ValueError("faults must be a function, or a dictionary of faults by request number")
        if self.order not in get_args(Order):
            raise ValueError(f"order must be 'newest', 'oldest' or 'name', not {self.order!r}")
        words()  # now, so that the first response is not slow
        self.api = routes.read(self.document)
        own = {name: len(rows) for name, rows in self.rows.items()}
        counts = {"customers": self.customers, **self.items, **own}
        self.store = Store(self.api, self.seed, counts, self.rows, self.order)
        for name in (*self.items, *self.rows, *(change.of for change in self.changes)):
            self.store[name]  # raises an error for an unknown list
        self.retry_after: int | None = None  # during maintenance
        self.requests: list[ReceivedRequest] = []
        self.in_flight = self.max_in_flight = 0  # changed by the server's thread only
        # Held by the server's thread while it responds, and by a test's while it reads or changes the rows;
        # re-entrant, because a function that chooses faults may change them too.
        self.lock = threading.RLock()
        self._window = FixedWindow(1_000_000 if self.limit is None else self.limit, self.window)
        self._pending = list(self.changes)
        self._began = 0.0
        self._attempts: Counter[tuple[str, int | None]] = Counter()

    def respond(self, request: h11.Request) -> Response:
        """Responds to one request, applies the fault that is due, and records the request."""
        with self.lock:
            now = self.clock()
            target, _, query = request.target.decode("latin-1").partition("?")
            path = unquote(target)
            found = self.api.route(path)
            page = page_number(query) if found and found[0].paginated else None
            self._attempts[path, page] += 1
            number, attempt = len(self.requests) + 1, self._attempts[path, page]
            received = ReceivedRequest(number, request.method.decode(), path, query, page, attempt)
            self._change(number, now)
            faults = self.faults or {}
            fault = (faults(received) if callable(faults) else faults.get(number)) or Fault()
            counted = not (isinstance(fault, Status) and fault.status == 429)
            response = self._normal_response(received, dict(request.headers), now, counted=counted)
            remaining = response.headers.get(REMAINING)
            response = fault.apply(replace(response, delay=self.latency))
            status = None if response.drop == "before" else response.status
            left = None if remaining is None else int(remaining)
            self.requests.append(replace(received, status=status, remaining=left))
            return response

    def _normal_response(
        self, request: ReceivedRequest, headers: dict[bytes, bytes], now: float, *, counted: bool
    ) -> Response:
        """Decides in Laravel's order: maintenance, route, method, key, rate limit, rows."""
        if self.retry_after is not None:
            return respond(503, now, {"Retry-After": str(self.retry_after)})
        if (found := self.api.route(request.path)) is None:
            return respond(404, now, {})
        route, ids = found
        if request.method not in route.methods:
            return respond(405, now, {"Allow": ", ".join(route.methods)})
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if (scheme.lower(), token) != ("bearer", self.api_key):
            return respond(401, now, {})
        allowed = not counted or self._window.take(now)
        quota = self._window.headers(now, rejected=not allowed)
        if not allowed or request.method not in {"GET", "HEAD"}:
            return respond(501 if allowed else 429, now, quota)
        host = headers.get(b"host", b"localhost").decode("latin-1")  # HTTP/1.0 may have none
        body = self.store.read(route, ids, request.page, f"http://{host}{request.path}")
        return respond(404 if body is None else 200, now, quota, body)

    def _change(self, request: int, now: float) -> None:
        """Applies the changes that are due, in the order given."""
        if request == 1:
            self._began = now
        for change in [each for each in self._pending if each.is_due(request, now - self._began)]:
            self._pending.remove(change)
            rows = self.store[change.of]
            rows.remove(change.remove, change.at)
            rows.add(change.add, change.at)
