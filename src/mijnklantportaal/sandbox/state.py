"""The state of a running sandbox: its key, rows, rate limit and requests. No sockets.

The lock is for the server's thread, which reads the rows, and the test's, which may change them.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import NamedTuple, TypedDict, get_args

from mijnklantportaal.sandbox import routes
from mijnklantportaal.sandbox.customers import prepare
from mijnklantportaal.sandbox.faults import Fault, Faults, ReceivedRequest, Status
from mijnklantportaal.sandbox.responses import Headers, Page, Response, envelope, error, good, page_number
from mijnklantportaal.sandbox.routes import Found
from mijnklantportaal.sandbox.rows import Change, Order
from mijnklantportaal.sandbox.store import Row, Store
from mijnklantportaal.sandbox.window import FixedWindow

UNLIMITED = 1_000_000


class Options(TypedDict, total=False):
    """The options of a sandbox; `Sandbox` explains them."""

    customers: int
    items: Mapping[str, int]
    rows: Mapping[str, Sequence[Row]]
    seed: int
    limit: int | None
    window: float
    latency: float
    order: Order
    changes: Sequence[Change]
    faults: Faults | None
    clock: Callable[[], float]
    document: str | PathLike[str] | None


class Call(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str  # decoded
    query: str  # raw
    page: str | None  # from the query, decoded
    token: str | None  # from the Authorization header
    origin: str  # the scheme and host that the client used


class State:
    """Everything that a running sandbox remembers; `Sandbox.reset` replaces it."""

    def __init__(
        self,
        api_key: str,
        *,
        customers: int = 100,
        items: Mapping[str, int] = {},
        rows: Mapping[str, Sequence[Row]] = {},
        seed: int = 0,
        limit: int | None = 60,
        window: float = 60.0,
        latency: float = 0.0,
        order: Order = "newest",
        changes: Sequence[Change] = (),
        faults: Faults | None = None,
        clock: Callable[[], float] = time.time,
        document: str | PathLike[str] | None = None,
    ) -> None:
        if min(customers, latency, *items.values()) < 0:
            raise ValueError("customers, items and latency must not be negative")
        if window <= 0 or (limit is not None and limit < 1):
            raise ValueError("window and limit must be positive (limit=None means no limit)")
        if order not in get_args(Order):
            raise ValueError(f"order must be 'newest', 'oldest' or 'name', not {order!r}")
        prepare()  # now, so that the first response is not slow
        self._key = api_key
        self.api = routes.read(document)
        self.store = Store(self.api, seed, {"customers": customers, **items}, rows, order)
        for name in (*items, *rows, *(change.of for change in changes)):
            self.store[name]
        self._window = FixedWindow(UNLIMITED if limit is None else limit, window)
        self._latency = latency
        self._changes: Sequence[Change] = changes
        self._drawing = random.Random(f"{seed}:changes")  # noqa: S311 - inventing, not hiding
        self._began = 0.0
        self._faults = faults or {}
        self._clock = clock
        self.lock = threading.RLock()  # re-entrant: a function that chooses faults may change the rows
        self.retry_after: int | None = None
        self.requests: list[ReceivedRequest] = []
        self._attempts: Counter[tuple[str, int | None]] = Counter()
        self._in_flight = 0
        self.max_in_flight = 0

    def respond(self, call: Call) -> Response:
        """Respond to one request, apply the fault that is due, and record the request."""
        with self.lock:
            found = self.api.route(call.path)
            page = page_number(call.page) if found and found[0].paginated else None
            self._attempts[call.path, page] += 1
            attempt = self._attempts[call.path, page]
            request = ReceivedRequest(
                len(self.requests) + 1, call.method, call.path, call.query, page, attempt
            )
            now = self._clock()
            self._change(request.number, now)
            fault = self._faults(request) if callable(self._faults) else self._faults.get(request.number)
            counted = not (isinstance(fault, Status) and fault.status == 429)
            response, remaining = self._good_response(call, found, page, now, counted=counted)
            response = (fault or Fault()).spoil(replace(response, delay=self._latency))
            status = None if response.drop == "before" else response.status
            self.requests.append(replace(request, status=status, remaining=remaining))
            return response

    def _good_response(
        self, call: Call, found: Found | None, page: int | None, now: float, *, counted: bool
    ) -> tuple[Response, int | None]:
        """Decide in the framework's order: maintenance, route, method, key, rate limit, rows."""
        if self.retry_after is not None:
            return error(503, now, (("Retry-After", str(self.retry_after)),)), None
        if found is None:
            return error(404, now), None
        route, ids = found
        if call.method not in route.methods:
            return error(405, now, (("Allow", ", ".join(route.methods)),)), None
        if call.token != self._key:
            return error(401, now), None
        allowed = not counted or self._window.take(now)
        remaining = self._window.remaining(now)
        quota: Headers = (
            ("X-RateLimit-Limit", str(self._window.limit)),
            ("X-RateLimit-Remaining", str(remaining)),
        )
        if not allowed:
            retry_after, resets_at = self._window.retry_after(now), self._window.resets_at()
            later: Headers = (("Retry-After", str(retry_after)), ("X-RateLimit-Reset", str(resets_at)))
            return error(429, now, quota + later), remaining
        if call.method not in ("GET", "HEAD"):
            message = f"The sandbox only reads: it does not serve {route.methods[call.method]}."
            response = error(501, now, quota, message)
        elif (body := self.store.read(route, ids, page)) is None:
            response = error(404, now, quota)
        else:
            url = call.origin + call.path
            response = good(envelope(url, body) if isinstance(body, Page) else body, now, quota)
        return response, remaining

    def _change(self, request: int, now: float) -> None:
        """Apply the changes that are due, in the order given."""
        if request == 1:
            self._began = now
        due = [change for change in self._changes if change.is_due(request, now - self._began)]
        self._changes = [change for change in self._changes if change not in due]
        for change in due:
            rows = self.store[change.of]
            rows.remove(change.remove, self._drawing if change.at is None else change.at)
            rows.add(change.add, change.at)

    def enter(self) -> None:
        """Record that a request arrived (server's thread only)."""
        self._in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self._in_flight)

    def leave(self) -> None:
        """Record that a request has ended (server's thread only)."""
        self._in_flight -= 1
