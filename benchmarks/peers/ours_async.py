"""mijnklantportaal, asynchronously, as its README shows it."""

from collections.abc import AsyncIterator

from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaalError

ERRORS = (MijnKlantportaalError,)


async def customers(base_url: str, api_key: str) -> AsyncIterator[str]:
    async with AsyncMijnKlantportaal(api_key=api_key, base_url=base_url) as portal:
        async for customer in portal.list_customers():
            yield customer.id
