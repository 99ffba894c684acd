"""The stand-in that people hold in their hands."""

from types import TracebackType
from typing import Self, Unpack, cast

from mijnklantportaal.sandbox.app import make_app
from mijnklantportaal.sandbox.customers import CustomerRow
from mijnklantportaal.sandbox.faults import ReceivedRequest
from mijnklantportaal.sandbox.server import ServerThread
from mijnklantportaal.sandbox.state import Options, State


class Sandbox:
    """A MijnKlantportaal API of your own, on a loopback port, for as long as the `with` block lasts.

    It serves all that the document reads. A list goes by the name that `mijnklantportaal list` shows:
    `customer-invoices` for the operation `list-customer-invoices`. What writes is answered with 501.

    Args:
        port: The port to serve on; 0 takes a free one.
        api_key: The key that clients must show.
        **options: Any of the following; `reset` takes them too.

            - `customers`: How many customers the portal has at first (100). They are invented on demand.
            - `items`: How many rows other lists have at first (40 each): `{"customer-invoices": 10}`. What
              belongs to something, such as payments to payment links, is spread over its owners.
            - `rows`: Rows of your own, by list: `{"tickets": [{"title": "Factuur kwijt"}]}`. Fields that you
              leave out are invented; they stand in your order.
            - `seed`: Another seed gives other customers and other rows (0).
            - `limit`: Requests per window (60). None is no limit: the headers, which the real API always
              sends, then count down from a million, and nobody is rejected.
            - `window`: The length of the fixed window, in seconds (60).
            - `latency`: Seconds that every answer takes (0).
            - `order`: The order of the listing: "newest" first (the default), "oldest" first, or by "name".
              Which of them the real API has is unknown: do not rely on any.
            - `changes`: Customers, or other rows, that come and go while they are listed: see `Change`.
            - `faults`: Which requests go wrong, and how: see `mijnklantportaal.sandbox.faults`.
            - `clock`: Gives UNIX seconds (time.time). Rate limit and dates know no other clock, so that a
              test can turn it; waits (latency, delays) are real.
            - `document`: An OpenAPI 3.1 document to serve, a JSON file; left out, the client's own.
    """

    def __init__(self, *, port: int = 0, api_key: str = "sandbox-key", **options: Unpack[Options]) -> None:
        self.api_key = api_key
        self._port = port
        self._options = options
        self._state = State(api_key, **options)
        self._server: ServerThread | None = None

    def __enter__(self) -> Self:
        if self._server is not None:
            raise RuntimeError("the sandbox is running already")
        self._server = ServerThread(make_app(lambda: self._state), self._port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL: `http://127.0.0.1:<port>/v1`."""
        if self._server is None:
            raise RuntimeError("the sandbox is not running: with Sandbox() as sandbox: ...")
        return f"http://127.0.0.1:{self._server.port}{self._state.api.base}"

    def reset(self, **options: Unpack[Options]) -> None:
        """Start afresh on the same port: rows, window, faults, request numbers. Cheaper than a new sandbox.

        Options that are not named are those that the sandbox was made with. Requests still being answered
        belong to the past, those that a client sent and gave up included; connections stay open.
        """
        if self._server is not None:
            self._server.settle()
        self._state = State(self.api_key, **(self._options | options))

    @property
    def requests(self) -> list[ReceivedRequest]:
        """What arrived so far, in order: `requests[n - 1].number == n`."""
        with self._state.lock:
            return list(self._state.requests)

    @property
    def max_in_flight(self) -> int:
        """How many requests were being answered at the same time, at most."""
        return self._state.max_in_flight

    def ids(self, of: str = "customers", *, owner: str | None = None) -> list[str]:
        """List the ids of all customers, or of another list's rows, in the order of the list.

        Args:
            of: The list, such as "tickets".
            owner: Only what belongs to this id: `ids("payment-link-payment", owner="plk_…")`.
        """
        with self._state.lock:
            rows = self._state.store[of]
            return rows.ids(rows.numbers if owner is None else rows.of(owner))

    def item(self, position: int, *, of: str) -> dict[str, object]:
        """Give the row at a position of a list (0 is the first), as the list shows it."""
        with self._state.lock:
            rows = self._state.store[of]
            return rows.row(rows.numbers[position])

    def customer(self, position: int) -> CustomerRow:
        """Give the customer at a position of the listing (0 is the first), as a listing shows it."""
        return cast("CustomerRow", self.item(position, of="customers"))

    def add_customers(self, count: int = 1, at: int | None = None) -> list[str]:
        """Add newly invented customers, and return their ids in the order of the listing.

        Args:
            count: How many.
            at: Where in the listing the first of them stands. Left out: where the order puts them: in front
                when it is newest first, at the end when it is oldest first.
        """
        with self._state.lock:
            rows = self._state.store["customers"]
            return rows.ids(rows.add(count, at))

    def remove_customers(self, count: int = 1, at: int = 0) -> list[str]:
        """Remove the customers from position `at` on, and return their ids."""
        with self._state.lock:
            rows = self._state.store["customers"]
            return rows.ids(rows.remove(count, at))

    def maintenance(self, retry_after: int | None = 30) -> None:
        """Answer everything with 503 and this `Retry-After`; None ends it."""
        self._state.retry_after = retry_after
