"""A customer portal: its credentials, the generated client, and the transport, put together."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

import httpx
from attrs import define, field
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

    from .transport import Transport, Wait

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
DEFAULT_CONCURRENCY = 8
DEFAULT_MAX_WAIT = 300.0


@define
class PortalClient(Client):
    """The generated client, which also tells a listing how many pages it may ask for at once."""

    _transport: Transport = field(kw_only=True, repr=False, alias="transport")

    def capacity(self) -> int:
        """How many requests concurrency and rate limit allow to have under way at once, from 1."""
        return self._transport.capacity()


class _Portal:
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
            max_wait: Seconds that a request waits at most for the rate limit, in all, and each time that the
                API says how long in maintenance; 300 by default. Longer is an error at once; `float("inf")`
                waits any time.
            on_wait: Called when a wait begins, in the thread or task that waits, with reason and seconds.

        Raises:
            ConfigurationError: One of these is missing or cannot be right.
        """
        # Here, so that to import this costs no more than the generated code: it brings asyncio and httpcore.
        from .transport import AsyncSession, BearerAuth, Clock, Session, Transport  # noqa: PLC0415

        if base_url is None:
            base_url = os.environ.get("MIJNKLANTPORTAAL_BASE_URL") or shipped().server
        self._url = url = checked_base_url(base_url)
        key = api_key if api_key is not None else os.environ.get("MIJNKLANTPORTAAL_API_KEY")
        if key is None:
            raise ConfigurationError("there is no API key; pass api_key= or set MIJNKLANTPORTAAL_API_KEY")
        self._transport = Transport(
            url, concurrency=_concurrency(concurrency), max_wait=_max_wait(max_wait), clock=Clock(on_wait)
        )
        settings: dict[str, Any] = {
            "base_url": str(url),
            "headers": {"Accept": "application/json", "User-Agent": _user_agent(user_agent)},
            "timeout": _timeout(timeout),
        }
        httpx_args: dict[str, Any] = {"auth": BearerAuth(key, url), "transport": self._transport}
        self.client = PortalClient(**settings, httpx_args=httpx_args, transport=self._transport)
        self.client.set_httpx_client(Session(**settings, **httpx_args))
        self.client.set_async_httpx_client(AsyncSession(**settings, **httpx_args))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._url)!r})"


class MijnKlantportaal(_Portal):
    """A customer portal, to use in a `with` block.

    Attributes:
        client: The generated client, for every generated call: `list_customers.sync(client=portal.client)`.
    """

    def list_customers(self, *, start_page: int = 1, max_items: int | None = None) -> Listing[CustomerPage]:
        """Lists every customer of the portal, 15 a page (upstream: list-customers); needs `customers.read`.

        Args:
            start_page: The first page to ask for, from 1. To resume: the `page` of the error.
            max_items: How many customers to give at most.

        Returns:
            A `Listing`: iterate over it for customers, over its `pages()` for the generated envelopes.

        Raises:
            ValueError: A number that makes no sense.
        """
        listing = paginate(list_customers.sync, client=self.client)
        return listing.with_options(start_page=start_page, max_items=max_items)

    def close(self) -> None:
        """Closes the connections; the portal cannot be used afterwards."""
        if self._transport.shut():
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncMijnKlantportaal(_Portal):
    """A customer portal, to use in an `async with` block.

    Attributes:
        client: The generated client, for every generated call:
            `await list_customers.asyncio(client=portal.client)`.
    """

    def list_customers(
        self, *, start_page: int = 1, max_items: int | None = None
    ) -> AsyncListing[CustomerPage]:
        """Lists every customer of the portal, 15 a page (upstream: list-customers); needs `customers.read`.

        Args:
            start_page: The first page to ask for, from 1. To resume: the `page` of the error.
            max_items: How many customers to give at most.

        Returns:
            An `AsyncListing`: iterate over it for customers, over its `pages()` for the generated envelopes.

        Raises:
            ValueError: A number that makes no sense.
        """
        listing = apaginate(list_customers.asyncio, client=self.client)
        return listing.with_options(start_page=start_page, max_items=max_items)

    async def aclose(self) -> None:
        """Closes the connections; the portal cannot be used afterwards."""
        if self._transport.shut():
            await self._transport.aclose()

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


def _concurrency(concurrency: object) -> int:
    if not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1:
        raise ConfigurationError(f"concurrency must be a whole number from 1, not {concurrency!r}")
    return concurrency


def _max_wait(max_wait: object) -> float:
    if not isinstance(max_wait, int | float) or isinstance(max_wait, bool) or not max_wait >= 0:
        raise ConfigurationError(f"max_wait must be seconds from 0, not {max_wait!r}")
    return float(max_wait)
