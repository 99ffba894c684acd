"""The public interface of the sandbox."""

from typing import Self, Unpack, cast

from mijnklantportaal.sandbox.customers import CustomerRow
from mijnklantportaal.sandbox.faults import ReceivedRequest
from mijnklantportaal.sandbox.server import ServerThread
from mijnklantportaal.sandbox.state import Options, State


class Sandbox:
    """A local stand-in for the API on a loopback port, which runs during the `with` block.

    The end of the block raises the first exception of a function that you passed (`faults`, `Edit`, `clock`).

    It serves every operation of the document that reads; it responds to those that write with a 501. Lists
    have the names that `mijnklantportaal list` shows: `customer-invoices` for `list-customer-invoices`.

    Args:
        port: The port to listen on; 0 picks a free one.
        api_key: The key that clients must send.
        **options: Any of these; `reset` takes them too.

            - `customers`: How many customers there are at the start (100).
            - `items`: How many rows other lists have at the start (40 each): `{"customer-invoices": 10}`.
              Items that belong to others, such as payments to payment links, are spread over them.
            - `rows`: Your own rows, by list and in your order: `{"tickets": [{"title": "Factuur kwijt"}]}`.
              Fields that you leave out are invented.
            - `seed`: A different seed leads to different rows (0).
            - `limit`: Requests per window (60). None means no limit: the headers are still sent, but count
              down from a million.
            - `window`: The length of the fixed window, in seconds (60).
            - `latency`: The delay of every response, in seconds (0).
            - `order`: The order of the lists: "newest" first (the default), "oldest" first, or by "name". The
              real API's order is unknown: do not rely on any.
            - `changes`: A schedule of rows deleted and added while you list them: see `Change`.
            - `faults`: Which requests fail, and how: see `mijnklantportaal.sandbox.faults`.
            - `clock`: Returns UNIX seconds (time.time). The rate limit and dates follow it, so that a test
              can set the time; latency and delays are real.
            - `document`: The OpenAPI 3.1 document to serve, a JSON file (by default, the client's own).
    """

    def __init__(self, *, port: int = 0, api_key: str = "sandbox-key", **options: Unpack[Options]) -> None:
        if not 0 <= port <= 65_535:
            raise ValueError(f"port must be between 0 and 65535, not {port}")
        self.api_key = api_key
        self._port = port
        self._options = options
        self._state = State(api_key=api_key, **options)
        self._server: ServerThread | None = None

    def __enter__(self) -> Self:
        if self._server is not None:
            raise RuntimeError("the sandbox is already running")
        self._server = ServerThread(lambda: self._state, self._port)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        server, self._server = self._server, None
        error = server and server.stop()
        if error and (kind is None or issubclass(kind, Exception)):
            raise error

    @property
    def base_url(self) -> str:
        """The base URL for a client: `http://127.0.0.1:<port>/v1`."""
        if self._server is None:
            raise RuntimeError("the sandbox is not running; use it in a `with` block")
        return f"http://127.0.0.1:{self._server.port}{self._state.api.base}"

    def reset(self, **options: Unpack[Options]) -> None:
        """Resets rows, window, faults and request numbers, on the same port; faster than a new sandbox.

        Options that you omit are those that the sandbox was created with. Requests in flight are not recorded
        after the reset, even if their client has given up on them. Connections stay open.
        """
        if self._server is not None:
            self._server.settle()
        self._state = State(api_key=self.api_key, **(self._options | options))

    @property
    def requests(self) -> list[ReceivedRequest]:
        """The requests received so far: `requests[n - 1].number == n`."""
        with self._state.lock:
            return list(self._state.requests)

    @property
    def max_in_flight(self) -> int:
        """The largest number of requests in flight at once, including those whose client has given up."""
        return self._state.max_in_flight

    def ids(self, of: str = "customers", *, owner: str | None = None) -> list[str]:
        """Returns the ids of the customers, or of the rows of another list, in the order of the list.

        Args:
            of: The list, such as "tickets".
            owner: Only items that belong to this id: `ids("payment-link-payment", owner="plk_…")`.
        """
        with self._state.lock:
            return list(self._state.store[of].of(owner))

    def item(self, position: int, *, of: str) -> dict[str, object]:
        """Returns the row at a position of a list (0 is the first), as the list shows it."""
        with self._state.lock:
            rows = self._state.store[of]
            return rows.fields(rows.ids[position])

    def customer(self, position: int) -> CustomerRow:
        """Returns the customer at a position of the list (0 is the first)."""
        return cast("CustomerRow", self.item(position, of="customers"))

    def add_customers(self, count: int = 1, at: int | None = None) -> list[str]:
        """Adds customers, and returns their ids in the order of the list.

        Args:
            count: How many.
            at: The position of the first of them; by default, the order of the list decides.
        """
        with self._state.lock:
            return self._state.store["customers"].add(count, at)

    def remove_customers(self, count: int = 1, at: int = 0) -> list[str]:
        """Removes customers from position `at` on, and returns their ids."""
        with self._state.lock:
            return self._state.store["customers"].remove(count, at)

    def maintenance(self, retry_after: int | None = 30) -> None:
        """Responds to every request with 503 and this `Retry-After`; `maintenance(None)` ends this."""
        self._state.retry_after = retry_after
