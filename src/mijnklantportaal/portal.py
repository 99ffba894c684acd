"""A customer portal: its credentials, the generated client, and the transport, put together."""

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

    from .transport import AsyncTransport, Settings, SyncTransport, Wait

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
DEFAULT_CONCURRENCY = 8
DEFAULT_MAX_WAIT = 300.0
DEFAULT_MAX_RETRIES = 4
DEFAULT_MAX_BODY_SIZE = 64 * 2**20
READS_AN_ATTEMPT = 4
"""The default deadline of an attempt, in timeouts of a read."""

TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)


@define
class PortalClient(Client):
    """The generated client, which also tells a listing how many pages it may ask for."""

    _transport: SyncTransport | AsyncTransport = field(kw_only=True, repr=False, alias="transport")

    def capacity(self) -> int:
        """How many requests concurrency and rate limit allow to have in flight at once, from 1."""
        return self._transport.policy.capacity()

    def remaining(self) -> int | None:
        """How many requests are left of the rate limit's window, as far as is known."""
        return self._transport.policy.remaining()

    def monotonic(self) -> float:
        """The time, by the clock that tells when requests are sent."""
        return self._transport.policy.monotonic()

    def get_httpx_client(self) -> httpx.Client:
        """The `httpx.Client` for sync calls."""
        if not isinstance(self._transport, httpx.BaseTransport):
            raise TypeError("an AsyncMijnKlantportaal needs the generated functions that are named asyncio")
        return super().get_httpx_client()

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The `httpx.AsyncClient` for calls with asyncio."""
        if not isinstance(self._transport, httpx.AsyncBaseTransport):
            raise TypeError("the generated functions that are named asyncio need an AsyncMijnKlantportaal")
        return super().get_async_httpx_client()

    def with_headers(self, headers: dict[str, str]) -> PortalClient:
        """A copy of this client with more headers."""
        return evolve(self, headers={**self._headers, **headers})

    def with_cookies(self, cookies: dict[str, str]) -> PortalClient:
        """A copy of this client with more cookies."""
        return evolve(self, cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout) -> PortalClient:
        """A copy of this client with another timeout."""
        return evolve(self, timeout=timeout)


class _Portal(Generic[TransportT]):
    """What both portals share: all but the awaiting."""

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
        """Opens a portal; nothing is sent yet.

        Args:
            api_key: The API key or OAuth access token; by default, of `MIJNKLANTPORTAAL_API_KEY`.
            base_url: Where the API is; by default `MIJNKLANTPORTAAL_BASE_URL`, else the server that the
                document names. Plain `http://` is for loopback only.
            timeout: Seconds to wait for each step of a request (connecting, sending, each read), or an
                `httpx.Timeout`. By default 30, of which 10 to connect.
            user_agent: What to add to the `User-Agent` header, such as `my-app/1.0`.
            concurrency: How many requests may be in flight at the same time, those of one listing included;
                8 by default. With 1, pages are read strictly one after another, and never one too many.
            max_wait: Seconds that a request waits at most, in all, for the rate limit and for maintenance;
                300 by default. Longer is an error at once; `float("inf")` waits any time.
            max_retries: How often an idempotent request that failed is sent again at most; 4 by default.
            deadline: Seconds that one attempt may take in all, from connecting to the last byte; by default
                four times the timeout of a read. `float("inf")` is no limit.
            max_body_size: Bytes that the body of an answer may have at most, unpacked; 64 MiB by default.
            transport: What sends the requests instead of httpx's own transport: one with a proxy or a
                client certificate, or a mock. Rate limit, retries and errors stay as they are; the portal
                closes it.
            on_wait: Called when a wait begins, in the thread or task that waits, with reason and seconds.

        Raises:
            ConfigurationError: One of these is missing or cannot be right.
        """
        # Here, so that to import this costs no more than the generated code: it brings asyncio.
        from .transport import BearerAuth, Clock, Settings  # noqa: PLC0415

        if base_url is None:
            base_url = os.environ.get("MIJNKLANTPORTAAL_BASE_URL") or shipped().server
        self._url = url = checked_base_url(base_url)
        key = api_key if api_key is not None else os.environ.get("MIJNKLANTPORTAAL_API_KEY")
        if key is None:
            raise ConfigurationError("there is no API key; pass api_key= or set MIJNKLANTPORTAAL_API_KEY")
        timeouts = _timeout(timeout)
        if deadline is None:
            deadline = float("inf") if timeouts.read is None else READS_AN_ATTEMPT * timeouts.read
        settings = Settings(
            base_url=url,
            concurrency=_whole_number("concurrency", concurrency, least=1),
            max_wait=_seconds("max_wait", max_wait),
            max_retries=_whole_number("max_retries", max_retries, least=0),
            deadline=_seconds("deadline", deadline),
            max_body_size=_whole_number("max_body_size", max_body_size, least=1),
            clock=Clock(on_wait),
        )
        driver = self._open(settings, transport)
        self.client = PortalClient(
            base_url=str(url),
            headers={"Accept": "application/json", "User-Agent": _user_agent(user_agent)},
            timeout=timeouts,
            httpx_args={"auth": BearerAuth(key, url), "transport": driver},
            transport=driver,
        )

    @abstractmethod
    def _open(self, settings: Settings, given: TransportT | None) -> SyncTransport | AsyncTransport:
        """The way to the network; `given` is the caller's."""

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
        """Lists every customer of the portal, 15 a page (upstream: list-customers); needs `customers.read`.

        Args:
            start_page: The first page to ask for, from 1. To resume: the `anchor` of an earlier listing, or
                the `page` of its error.
            max_items: How many customers to give at most.
            certain: Whether to list again until nobody turns up who was missed, three times at most.

        Returns:
            A `Listing`: iterate over it for customers, over its `pages()` for the generated envelopes.

        Raises:
            ValueError: A number or an anchor that makes no sense.
        """
        listing = paginate(list_customers.sync, client=self.client)
        return listing.with_options(start_page=start_page, max_items=max_items, certain=certain)

    def close(self) -> None:
        """Closes the portal: it cannot be used afterwards. Answers still under way are not waited for."""
        self._transport.shut()

    def _open(self, settings: Settings, given: httpx.BaseTransport | None) -> SyncTransport:
        from .transport import SyncTransport  # noqa: PLC0415 - see `__init__`

        _check_transport(given, httpx.BaseTransport)
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
        """Lists every customer of the portal, 15 a page (upstream: list-customers); needs `customers.read`.

        Args:
            start_page: The first page to ask for, from 1. To resume: the `anchor` of an earlier listing, or
                the `page` of its error.
            max_items: How many customers to give at most.
            certain: Whether to list again until nobody turns up who was missed, three times at most.

        Returns:
            An `AsyncListing`: iterate over it for customers, over its `pages()` for the generated envelopes.

        Raises:
            ValueError: A number or an anchor that makes no sense.
        """
        listing = apaginate(list_customers.asyncio, client=self.client)
        return listing.with_options(start_page=start_page, max_items=max_items, certain=certain)

    async def aclose(self) -> None:
        """Closes the portal: it cannot be used afterwards. Answers still under way are not waited for."""
        await self._transport.shut()

    def _open(self, settings: Settings, given: httpx.AsyncBaseTransport | None) -> AsyncTransport:
        from .transport import AsyncTransport  # noqa: PLC0415 - see `__init__`

        _check_transport(given, httpx.AsyncBaseTransport)
        self._transport = AsyncTransport(settings, given)
        return self._transport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _timeout(timeout: object) -> httpx.Timeout:
    if isinstance(timeout, httpx.Timeout):
        return timeout
    if not isinstance(timeout, int | float) or isinstance(timeout, bool) or not 0 < timeout < float("inf"):
        raise ConfigurationError(f"timeout must be seconds above 0, or an httpx.Timeout, not {timeout!r}")
    return httpx.Timeout(timeout)


def _user_agent(suffix: str | None) -> str:
    product = f"mijnklantportaal/{__version__} httpx/{httpx.__version__}"
    if suffix is None:
        return product
    if not suffix.strip() or not (suffix.isascii() and suffix.isprintable()):
        raise ConfigurationError(f"user_agent must be printable ASCII on one line, not {suffix!r}")
    return f"{product} {suffix.strip()}"


def _check_transport(given: object, kind: type) -> None:
    if given is not None and not isinstance(given, kind):
        raise ConfigurationError(f"transport must be an httpx.{kind.__name__}, not a {type(given).__name__}")


def _whole_number(name: str, value: object, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigurationError(f"{name} must be a whole number, at least {least}, not {value!r}")
    return value


def _seconds(name: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
        raise ConfigurationError(f"{name} must be seconds, at least 0, not {value!r}")
    return float(value)
