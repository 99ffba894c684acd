"""A floor, not a client: the standard library's http.client on one connection, and orjson."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import orjson

ERRORS = (HTTPException, OSError)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    address = urlsplit(base_url)
    connection = HTTPConnection(address.hostname, address.port)
    page = 1
    while True:
        path = f"{address.path}/customers?page={page}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {api_key}"})
        envelope = orjson.loads(connection.getresponse().read())
        for customer in envelope["data"]:
            yield customer["id"]
        if not envelope["next_page_url"]:
            connection.close()
            return
        page += 1
