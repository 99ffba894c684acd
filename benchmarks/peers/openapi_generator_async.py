"""OpenAPI Generator's `python`, libraries asyncio (aiohttp) and httpx, as its generated README shows it."""

from collections.abc import AsyncIterator

import openapi_client
import pydantic

try:
    import aiohttp

    HTTP_ERRORS = (aiohttp.ClientError, TimeoutError)  # aiohttp documents TimeoutError
except ImportError:
    import httpx

    HTTP_ERRORS = (httpx.HTTPError,)

ERRORS = (openapi_client.OpenApiException, pydantic.ValidationError, *HTTP_ERRORS)


async def customers(base_url: str, api_key: str) -> AsyncIterator[str]:
    configuration = openapi_client.Configuration(host=base_url, access_token=api_key)
    async with openapi_client.ApiClient(configuration) as client:
        api = openapi_client.CustomersAPIApi(client)
        page = 1
        while True:
            envelope = await api.list_customers(page=page)
            for customer in envelope.data:
                yield customer.id
            if not envelope.next_page_url:
                return
            page += 1
