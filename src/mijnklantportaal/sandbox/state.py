"""The state of a running sandbox: its key, rows, rate limit and requests. No sockets."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TypedDict, get_args
from urllib.parse import parse_qsl, unquote

import h11

from mijnklantportaal.sandbox import routes
from mijnklantportaal.sandbox.changes import Change
from mijnklantportaal.sandbox.customers import words
from mijnklantportaal.sandbox.faults import Fault, Faults, ReceivedRequest, Status
from mijnklantportaal.sandbox.responses import REMAINING, Headers, Response, error, good, page_number
from mijnklantportaal.sandbox.routes import Found
from mijnklantportaal.sandbox.store import Fields, Order, Store
from mijnklantportaal.sandbox.window import FixedWindow


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
        if min(self.customers, self.latency, *self.items.values()) < 0:
            raise ValueError("customers, items and latency must not be negative")
        if self.window <= 0 or (self.limit is not None and self.limit < 1):
            raise ValueError("window and limit must be positive (limit=None means no limit)")
        if self.order not in get_args(Order):
            raise ValueError(f"order must be 'newest', 'oldest' or 'name', not {self.order!r}")
        words()  # now, so that the first response is not slow
        self.api = routes.read(self.document)
        counts = {"customers": self.customers, **self.items}
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
        """Respond to one request, apply the fault that is due, and record the request."""
        with self.lock:
            now, method = self.clock(), request.method.decode()
            path, _, query = request.target.decode("latin-1").partition("?")
            path = unquote(path)
            found = self.api.route(path)
            page = None
            if found and found[0].paginated:
                page = page_number(dict(parse_qsl(query, keep_blank_values=True)).get("page"))
            self._attempts[path, page] += 1
            attempt = self._attempts[path, page]
            received = ReceivedRequest(len(self.requests) + 1, method, path, query, page, attempt)
            self._change(received.number, now)
            faults = self.faults or {}
            fault = (faults(received) if callable(faults) else faults.get(received.number)) or Fault()
            counted = not (isinstance(fault, Status) and fault.status == 429)
            headers = {name.decode(): value.decode("latin-1") for name, value in request.headers}
            response = self._good_response(received, headers, found, now, counted=counted)
            remaining = dict(response.headers).get(REMAINING)
            response = fault.apply(replace(response, delay=self.latency))
            status = None if response.drop == "before" else response.status
            left = None if remaining is None else int(remaining)
            self.requests.append(replace(received, status=status, remaining=left))
            return response

    def _good_response(
        self,
        request: ReceivedRequest,
        headers: Mapping[str, str],
        found: Found | None,
        now: float,
        *,
        counted: bool,
    ) -> Response:
        """Decides in the framework's order: maintenance, route, method, key, rate limit, rows."""
        if self.retry_after is not None:
            return error(503, now, (("Retry-After", str(self.retry_after)),))
        if found is None:
            return error(404, now)
        route, ids = found
        if request.method not in route.methods:
            return error(405, now, (("Allow", ", ".join(route.methods)),))
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if (scheme.lower(), token) != ("bearer", self.api_key):
            return error(401, now)
        allowed = not counted or self._window.take(now)
        quota: Headers = (
            ("X-RateLimit-Limit", str(self._window.limit)),
            (REMAINING, str(self._window.remaining(now))),
        )
        if not allowed:
            retry_after, resets_at = self._window.retry_after(now), self._window.resets_at()
            later: Headers = (("Retry-After", str(retry_after)), ("X-RateLimit-Reset", str(resets_at)))
            response = error(429, now, quota + later)
        elif request.method not in {"GET", "HEAD"}:
            message = f"The sandbox only reads: it does not serve {route.methods[request.method]}."
            response = error(501, now, quota, message)
        else:
            url = f"http://{headers.get('host', 'localhost')}{request.path}"  # HTTP/1.0 may have no Host
            body = self.store.read(route, ids, request.page, url)
            response = error(404, now, quota) if body is None else good(body, now, quota)
        return response

    def _change(self, request: int, now: float) -> None:
        """Apply the changes that are due, in the order given."""
        if request == 1:
            self._began = now
        for change in [each for each in self._pending if each.is_due(request, now - self._began)]:
            self._pending.remove(change)
            rows = self.store[change.of]
            rows.remove(change.remove, change.at)
            rows.add(change.add, change.at)
