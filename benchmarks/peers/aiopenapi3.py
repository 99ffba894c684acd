"""aiopenapi3 with one session for all calls; by default, it opens one per call."""

from collections.abc import Iterator
from pathlib import Path

import aiopenapi3
import httpx2
import pydantic

ERRORS = (aiopenapi3.errors.ErrorBase, httpx2.HTTPError, pydantic.ValidationError)
DOCUMENT = Path("openapi.json")


class KeptSession(httpx2.Client):
    def close(self) -> None:
        """Stays open for the next call."""


def customers(base_url: str, api_key: str) -> Iterator[str]:
    kept = []

    def session_factory(**arguments: object) -> httpx2.Client:
        if not kept:
            kept.append(KeptSession(**arguments))
        return kept[0]

    document = DOCUMENT.read_text().replace("https://api.mijnklantportaal.nl/v1", base_url)
    api = aiopenapi3.OpenAPI.loads(base_url, document, session_factory=session_factory)
    api.authenticate(APIKey=api_key)
    list_customers = api.createRequest("list-customers")
    try:
        page = 1
        while True:
            envelope = list_customers(parameters={"page": page})
            for customer in envelope.data:
                yield customer.id
            if not envelope.next_page_url:
                return
            page += 1
    finally:
        for session in kept:
            httpx2.Client.close(session)
