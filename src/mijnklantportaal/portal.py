"""A customer portal: credentials, generated client and transport."""

from __future__ import annotations

import os
from abc import abstractmethod
from typing import TYPE_CHECKING, Generic, Self, TypeVar

import httpx
from attrs import define, evolve, field
from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.client import Client

from ._version import __version__
from .address import checked_base_url
from .document import shipped
from .errors import ConfigurationError
from .pagination import AsyncListing, Listing, apaginate, paginate

if TYPE_CHECKING:
    from collections.abc import Callable

    from mijnklantportaal_api.models import CustomerPage

    from .pagination.listing import Pace
    from .transport import AsyncTransport, Settings, SyncTransport, Wait

_API_KEY = "MIJNKLANTPORTAAL_API_KEY"
_BASE_URL = "MIJNKLANTPORTAAL_BASE_URL"
DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
DEFAULT_CONCURRENCY = 8
DEFAULT_MAX_WAIT = 300.0
DEFAULT_MAX_RETRIES = 4
DEFAULT_MAX_BODY_SIZE = 64 * 2**20

TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)


@define
class PortalClient(Client):
    """The generated client, with the transport of a portal."""

    _transport: SyncTransport | AsyncTransport = field(kw_only=True, repr=False, alias="transport")

    @property
    def pace(self) -> Pace:
        """How many pages a listing may request."""
        return self._transport.policy

    def get_httpx_client(self) -> httpx.Client:
        """Returns the `httpx.Client` for sync calls."""
        if not isinstance(self._transport, httpx.BaseTransport):
            raise TypeError("with AsyncMijnKlantportaal, call the generated asyncio functions")
        return super().get_httpx_client()

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Returns the `httpx.AsyncClient` for async calls."""
        if not isinstance(self._transport, httpx.AsyncBaseTransport):
            raise TypeError("the generated asyncio functions need an AsyncMijnKlantportaal")
        return super().get_async_httpx_client()

    def with_headers(self, headers: dict[str, str]) -> PortalClient:
        """Returns a copy of this client with additional headers."""
        return evolve(self, headers={**self._headers, **headers})

    def with_cookies(self, cookies: dict[str, str]) -> PortalClient:
        """Returns a copy of this client with additional cookies."""
        return evolve(self, cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout) -> PortalClient:
        """Returns a copy of this client with a different timeout."""
        return evolve(self, timeout=timeout)


class _Portal(Generic[TransportT]):
    """What both portals share."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout = DEFAULT_TIMEOUT,
        user_agent: str | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        max_wait: float = DEFAULT_MAX_WAIT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        deadline: float | None = None,
        max_body_size: int = DEFAULT_MAX_BODY_SIZE,
        transport: TransportT | None = None,
        on_wait: Callable[[Wait], None] | None = None,
    ) -> None:
        """Creates a portal; nothing is sent yet.

        Args:
            api_key: The API key or OAuth access token; by default, the environment variable
                `MIJNKLANTPORTAAL_API_KEY`.
            base_url: The URL of the API; by default, the environment variable `MIJNKLANTPORTAAL_BASE_URL`, or
                else the server in the document. `http://` is allowed for loopback only.
            timeout: Seconds that each step of a request may take (connecting, sending, each read), or an
                `httpx.Timeout`. The default is 30, and 10 for connecting.
            user_agent: Text to append to the `User-Agent` header, such as `my-app/1.0`.
            concurrency: How many requests may be in flight at the same time; 8 by default. With 1, pages are
                read one after another, and none ahead.
            max_wait: Maximum time in seconds that a request waits in total for the rate limit and for
                maintenance; 300 by default. A longer wait raises an error immediately; `float("inf")` means
                no limit.
            max_retries: Maximum number of retries of a failed idempotent request; 4 by default.
            deadline: Maximum time in seconds that one attempt takes in total, from connecting to the last
                byte; by default, four times its read timeout. `float("inf")` means no limit.
            max_body_size: Maximum size in bytes of a response body, decompressed; 64 MiB by default.
            transport: Sends the requests instead of httpx's own transport: one with a proxy or a client
                certificate, or a mock. Rate limit, retries and typed errors work as usual; the portal closes
                it.
            on_wait: Called with a `Wait` when a wait begins, in the thread or task that waits.

        Raises:
            ConfigurationError: An argument is missing or invalid.
        """
        # Here, because it imports asyncio, and importing this module should be fast.
        from .transport import ENCODING, Clock, Settings  # noqa: PLC0415

        if base_url is None:
            url = checked_base_url(os.environ.get(_BASE_URL) or shipped().server, _BASE_URL)
        else:
            _check_type("base_url", base_url, str, "a str")
            url = checked_base_url(base_url)
        self._url = url
        key = os.environ.get(_API_KEY) if api_key is None else api_key
        if key is None:
            raise ConfigurationError(f"there is no API key; pass api_key= or set {_API_KEY}")
        _check_type("api_key", key, str, "a str")
        if on_wait is not None and not callable(on_wait):
            raise ConfigurationError(f"on_wait must be a function, not {type(on_wait).__name__}")
        timeouts = _timeout(timeout)
        settings = Settings(
            api_key=key,
            base_url=url,
            concurrency=_whole_number("concurrency", concurrency, least=1),
            max_wait=_seconds("max_wait", max_wait),
            max_retries=_whole_number("max_retries", max_retries, least=0),
            deadline=None if deadline is None else _seconds("deadline", deadline, positive=True),
            max_body_size=_whole_number("max_body_size", max_body_size, least=1),
            clock=Clock(on_wait),
        )
        driver = self._open(settings, transport)
        self.client = PortalClient(
            base_url=str(url),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": ENCODING,
                "User-Agent": _user_agent(user_agent),
            },
            timeout=timeouts,
            httpx_args={"transport": driver},
            transport=driver,
        )

    @abstractmethod
    def _open(self, settings: Settings, given: TransportT | None) -> SyncTransport | AsyncTransport:
        """Creates the transport; `given` is the caller's."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._url)!r})"


class MijnKlantportaal(_Portal[httpx.BaseTransport]):
    """A customer portal, to use in a `with` block.

    Attributes:
        client: The generated client, for every generated call: `list_customers.sync(client=portal.client)`.
    """

    def list_customers(
        self, *, start_page: int | str = 1, max_items: int | None = None, certain: bool = False
    ) -> Listing[CustomerPage]:
        """Lists all customers of the portal, 15 a page (upstream: list-customers); needs `customers.read`.

        Args:
            start_page: The first page; at least 1. To resume: the `anchor` of an earlier listing, or the
                `page` of its error.
            max_items: Maximum number of customers to yield; `None` for all.
            certain: Whether to list again from `start_page`, at most twice, until no new customer turns up.

        Returns:
            A `Listing`: iterate over it for customers, over its `pages()` for the generated envelopes.

        Raises:
            ValueError: `start_page` or `max_items` is invalid.
        """
        listing = paginate(list_customers.sync, client=self.client)
        return listing.with_options(start_page=start_page, max_items=max_items, certain=certain)

    def close(self) -> None:
        """Closes the portal: it cannot be used afterwards. Does not wait for requests in flight."""
        self._transport.shut()

    def _open(self, settings: Settings, given: httpx.BaseTransport | None) -> SyncTransport:
        from .transport import SyncTransport  # noqa: PLC0415 - see `__init__`

        if given is not None:
            _check_type("transport", given, httpx.BaseTransport, "an httpx.BaseTransport")
        self._transport = SyncTransport(settings, given)
        return self._transport

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncMijnKlantportaal(_Portal[httpx.AsyncBaseTransport]):
    """A customer portal, to use in an `async with` block.

    Attributes:
        client: The generated client, for every generated call:
            `await list_customers.asyncio(client=portal.client)`.
    """

    def list_customers(
        self, *, start_page: int | str = 1, max_items: int | None = None, certain: bool = False
    ) -> AsyncListing[CustomerPage]:
        """Lists all customers of the portal, 15 a page (upstream: list-customers); needs `customers.read`.

        Args:
            start_page: The first page; at least 1. To resume: the `anchor` of an earlier listing, or the
                `page` of its error.
            max_items: Maximum number of customers to yield; `None` for all.
            certain: Whether to list again from `start_page`, at most twice, until no new customer turns up.

        Returns:
            An `AsyncListing`: iterate over it for customers, over its `pages()` for the generated envelopes.

        Raises:
            ValueError: `start_page` or `max_items` is invalid.
        """
        listing = apaginate(list_customers.asyncio, client=self.client)
        return listing.with_options(start_page=start_page, max_items=max_items, certain=certain)

    async def aclose(self) -> None:
        """Closes the portal: it cannot be used afterwards. Does not wait for requests in flight."""
        await self._transport.shut()

    def _open(self, settings: Settings, given: httpx.AsyncBaseTransport | None) -> AsyncTransport:
        from .transport import AsyncTransport  # noqa: PLC0415 - see `__init__`

        if given is not None:
            _check_type("transport", given, httpx.AsyncBaseTransport, "an httpx.AsyncBaseTransport")
        self._transport = AsyncTransport(settings, given)
        return self._transport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _check_type(name: str, value: object, kind: type, called: str) -> None:
    if not isinstance(value, kind):
        raise ConfigurationError(f"{name} must be {called}, not {type(value).__name__}")


def _timeout(timeout: object) -> httpx.Timeout:
    if isinstance(timeout, httpx.Timeout):
        return timeout
    if not isinstance(timeout, int | float) or isinstance(timeout, bool) or not 0 < timeout < float("inf"):
        raise ConfigurationError(
            f"timeout must be a positive number of seconds, or an httpx.Timeout, not {timeout!r}"
        )
    return httpx.Timeout(timeout)


def _user_agent(suffix: str | None) -> str:
    product = f"mijnklantportaal/{__version__} httpx/{httpx.__version__}"
    if suffix is None:
        return product
    _check_type("user_agent", suffix, str, "a str")
    if not suffix.strip() or not (suffix.isascii() and suffix.isprintable()):
        raise ConfigurationError(f"user_agent must be printable ASCII on one line, not {suffix!r}")
    return f"{product} {suffix.strip()}"


def _whole_number(name: str, value: object, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigurationError(f"{name} must be an integer of at least {least}, not {value!r}")
    return value


def _seconds(name: str, value: object, *, positive: bool = False) -> float:
    least = "more than" if positive else "at least"
    seconds = value if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
    if not (seconds > 0 or (seconds == 0 and not positive)):
        raise ConfigurationError(f"{name} must be a number of seconds, {least} 0, not {value!r}")
    return float(seconds)
