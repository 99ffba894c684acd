"""A floor, not a client: a raw socket that checks nothing, and msgspec for the two fields needed."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

ERRORS = (OSError,)


class Customer(msgspec.Struct):
    id: str


class Page(msgspec.Struct):
    data: list[Customer]
    next_page_url: str | None


def body(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    while True:
        head, end, rest = received.partition(b"\r\n\r\n")
        if end:
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            if len(rest) >= length:
                return rest
        received += connection.recv(65536)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    address = urlsplit(base_url)
    read = msgspec.json.Decoder(Page).decode
    head = f" HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {api_key}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port)) as connection:
        page = 1
        while True:
            connection.sendall(f"GET {address.path}/customers?page={page}{head}".encode())
            envelope = read(body(connection))
            for customer in envelope.data:
                yield customer.id
            if not envelope.next_page_url:
                return
            page += 1
