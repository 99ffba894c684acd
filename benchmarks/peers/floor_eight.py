"""A floor, not a client: after page 1, eight raw connections, each of which requests every eighth page."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import msgspec

ERRORS = (OSError,)
CONNECTIONS = 8


class Customer(msgspec.Struct):
    id: str


class Page(msgspec.Struct):
    data: list[Customer]
    next_page_url: str | None


READ = msgspec.json.Decoder(Page).decode


class Connection:
    def __init__(self, base_url: str, api_key: str) -> None:
        self.address = urlsplit(base_url)
        self.rest = f" HTTP/1.1\r\nHost: {self.address.netloc}\r\nAuthorization: Bearer {api_key}\r\n\r\n"

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.address.hostname, self.address.port)

    async def page(self, number: int) -> Page:
        self.writer.write(f"GET {self.address.path}/customers?page={number}{self.rest}".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return READ(await self.reader.readexactly(length))


async def customers(base_url: str, api_key: str) -> AsyncIterator[str]:
    connections = [Connection(base_url, api_key) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(connection.open() for connection in connections))
    pages = [await connections[0].page(1)]
    number = 1
    while pages[-1].next_page_url:
        for page in pages:
            for customer in page.data:
                yield customer.id
        numbers = range(number + 1, number + 1 + CONNECTIONS)
        pages = await asyncio.gather(*map(Connection.page, connections, numbers))
        number += CONNECTIONS
    for page in pages:
        for customer in page.data:
            yield customer.id
    for connection in connections:
        connection.writer.close()
