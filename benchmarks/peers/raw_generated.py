"""The call that openapi-python-client generates, in a loop."""

from collections.abc import Iterator

import httpx
from mijnklantportaal_api import AuthenticatedClient
from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.errors import UnexpectedStatus

ERRORS = (UnexpectedStatus, httpx.HTTPError)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    with AuthenticatedClient(base_url=base_url, token=api_key, raise_on_unexpected_status=True) as client:
        page = 1
        while True:
            envelope = list_customers.sync(client=client, page=page)
            for customer in envelope.data:
                yield customer.id
            if not envelope.next_page_url:
                return
            page += 1
