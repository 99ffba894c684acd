"""Never run: what the type checkers must refuse. Each `ignore` that is not needed is an error itself."""

from __future__ import annotations

from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.client import Client
from mijnklantportaal_api.models import CustomerPage
from mijnklantportaal_api.types import Unset

from mijnklantportaal import Customer, MijnKlantportaal, apaginate, paginate


def list_payments(link_id: str, *, client: Client, page: int | Unset = ...) -> CustomerPage | None: ...


def get_customer(*, client: Client) -> Customer | None: ...


def wrong(client: Client) -> None:
    MijnKlantportaal("key")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    MijnKlantportaal(timeout="10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    paginate(list_payments, client=client)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    paginate(list_payments, 7, client=client)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    paginate(list_customers.sync, clint=client)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    paginate(list_customers.sync)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    paginate(get_customer, client=client)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    paginate(list_customers.asyncio, client=client)  # type: ignore[arg-type]  # pyright: ignore
    paginate(list_customers.sync_detailed, client=client)  # type: ignore[arg-type]  # pyright: ignore
    apaginate(list_customers.sync, client=client)  # type: ignore[arg-type]  # pyright: ignore
    with MijnKlantportaal() as portal:
        portal.list_customers(3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        portal.list_customers(page=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        for customer in portal.list_customers():
            customer.name  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
            customer.company_name.upper()  # type: ignore[union-attr]  # pyright: ignore
