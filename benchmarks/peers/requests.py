"""requests: a session, and parsed JSON."""

from collections.abc import Iterator

import requests

ERRORS = (requests.RequestException,)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {api_key}"
        page = 1
        while True:
            response = session.get(f"{base_url}/customers", params={"page": page})
            response.raise_for_status()
            envelope = response.json()
            for customer in envelope["data"]:
                yield customer["id"]
            if not envelope["next_page_url"]:
                return
            page += 1
