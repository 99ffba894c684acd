"""aiohttp: a session, and parsed JSON."""

from collections.abc import AsyncIterator

import aiohttp

ERRORS = (aiohttp.ClientError, TimeoutError)  # it documents TimeoutError


async def customers(base_url: str, api_key: str) -> AsyncIterator[str]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {api_key}"}) as session:
        page = 1
        while True:
            async with session.get(f"{base_url}/customers", params={"page": page}) as response:
                response.raise_for_status()
                envelope = await response.json()
            for customer in envelope["data"]:
                yield customer["id"]
            if not envelope["next_page_url"]:
                return
            page += 1
