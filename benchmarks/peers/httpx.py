"""httpx: a client, and parsed JSON."""

from collections.abc import Iterator

import httpx

ERRORS = (httpx.HTTPError,)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    with httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {api_key}"}) as client:
        page = 1
        while True:
            response = client.get("/customers", params={"page": page})
            response.raise_for_status()
            envelope = response.json()
            for customer in envelope["data"]:
                yield customer["id"]
            if not envelope["next_page_url"]:
                return
            page += 1
