"""OpenAPI Generator's `python`, library urllib3, as its generated README shows it."""

from collections.abc import Iterator

import openapi_client
import pydantic
import urllib3

ERRORS = (openapi_client.OpenApiException, pydantic.ValidationError, urllib3.exceptions.HTTPError)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    configuration = openapi_client.Configuration(host=base_url, access_token=api_key)
    with openapi_client.ApiClient(configuration) as client:
        api = openapi_client.CustomersAPIApi(client)
        page = 1
        while True:
            envelope = api.list_customers(page=page)
            for customer in envelope.data:
                yield customer.id
            if not envelope.next_page_url:
                return
            page += 1
