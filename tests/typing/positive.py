"""Never run: what the type checkers must infer from the public names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import assert_type

from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.client import Client
from mijnklantportaal_api.models import CustomerPage
from mijnklantportaal_api.types import Unset

from mijnklantportaal import (
    AsyncListing,
    AsyncMijnKlantportaal,
    Customer,
    Listing,
    MijnKlantportaal,
    RateLimitError,
    RequestError,
    apaginate,
    paginate,
)


def takes_customers(customers: Iterable[Customer]) -> None: ...


def synchronous() -> None:
    with MijnKlantportaal() as portal:
        assert_type(portal, MijnKlantportaal)
        listing = portal.list_customers(start_page=3, max_items=40)
        assert_type(listing, Listing[CustomerPage])
        assert_type(iter(listing), Iterator[Customer])
        assert_type(list(listing), list[Customer])
        takes_customers(listing)
        for customer in listing.with_options(max_items=3):
            assert_type(customer.id, str)
            assert_type(customer.created_at, datetime | Unset)
            assert_type(customer.phone, None | str | Unset)
        for page in listing.pages():
            assert_type(page, CustomerPage)
            assert_type(page.next_page_url, None | str)
        assert_type(paginate(list_customers.sync, client=portal.client), Listing[CustomerPage])
        assert_type(list_customers.sync(client=portal.client), CustomerPage | None)


async def asynchronous() -> None:
    async with AsyncMijnKlantportaal() as portal:
        assert_type(portal, AsyncMijnKlantportaal)
        listing = apaginate(list_customers.asyncio, client=portal.client)
        assert_type(listing, AsyncListing[CustomerPage])
        assert_type(portal.list_customers(), AsyncListing[CustomerPage])
        assert_type(aiter(listing), AsyncIterator[Customer])
        assert_type([customer async for customer in listing], list[Customer])
        assert_type([page async for page in listing.pages()], list[CustomerPage])


def list_payments(link_id: str, *, client: Client, page: int | Unset = ...) -> CustomerPage | None: ...


def path_parameters(client: Client) -> None:
    assert_type(list(paginate(list_payments, "plk_1", client=client)), list[Customer])
    assert_type(list(paginate(list_payments, link_id="plk_1", client=client)), list[Customer])


def errors(error: RequestError, limited: RateLimitError) -> None:
    assert_type(error.page, int | None)
    assert_type(error.status_code, int | None)
    assert_type(error.server_message, str | None)
    assert_type(limited.retry_after, float | None)
    assert_type(limited.resets_at, datetime | None)
