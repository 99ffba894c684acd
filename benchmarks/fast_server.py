"""A server that sends precomputed pages, so that the client's own work dominates."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from typing import Any

PER_PAGE = 15
_PAGE = re.compile(rb"[?&]page=(\d+)")


def bodies(customers: int) -> list[bytes]:
    """Returns all pages of a portal, and empty ones for reading ahead, as complete HTTP responses."""
    pages = max(1, -(-customers // PER_PAGE))
    return [_answer(page(number, customers, pages)) for number in range(1, pages + 33)]


def serve(customers: int, latency: float, pipe: Any) -> None:
    """Serves until the pipe says stop; sends the base URL first, and the number of connections last."""
    asyncio.run(_serve(bodies(customers), latency, pipe))


def page(number: int, customers: int, pages: int) -> dict[str, object]:
    """Returns one page of a portal."""
    first = (number - 1) * PER_PAGE
    url = "https://api.example.nl/v1/customers"
    return {
        "current_page": number,
        "data": [_customer(serial) for serial in range(first, min(first + PER_PAGE, customers))],
        "first_page_url": f"{url}?page=1",
        "from": first + 1,
        "next_page_url": f"{url}?page={number + 1}" if number < pages else None,
        "path": url,
        "per_page": PER_PAGE,
        "prev_page_url": f"{url}?page={number - 1}" if number > 1 else None,
        "to": first + PER_PAGE,
    }


def _customer(serial: int) -> dict[str, object]:
    return {
        "id": f"cst_{serial:014d}",
        "companyName": f"Bedrijf {serial} B.V.",
        "address": "Dorpsstraat 1",
        "zipCode": "1001 AB",
        "city": "Utrecht",
        "countryCode": "NL",
        "primaryEmail": f"info+{serial}@example.nl",
        "phone": None,
        "integration": None,
        "integrationId": None,
        "customerGroups": ["cug_nsy68w1jxr03tk"],
        "createdAt": "2024-04-29T23:00:00+02:00",
    }


def _answer(envelope: dict[str, object]) -> bytes:
    body = json.dumps(envelope, separators=(",", ":")).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-RateLimit-Limit: 1000000\r\n"
        f"X-RateLimit-Remaining: 999999\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    opened = 0

    def __init__(self, answers: list[bytes], latency: float) -> None:
        self._answers = answers
        self._latency = latency

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        _Connection.opened += 1
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        found = _PAGE.search(data)
        answer = self._answers[int(found[1]) - 1 if found else 0]
        if self._latency:
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, answer)
        else:
            self._transport.write(answer)


async def _serve(answers: list[bytes], latency: float, pipe: Any) -> None:
    loop = asyncio.get_running_loop()
    # asyncio turns off Nagle's algorithm only if the protocol is given.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    server = await loop.create_server(lambda: _Connection(answers, latency), sock=listening)
    async with server:
        pipe.send(f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        await loop.run_in_executor(None, pipe.recv)
        pipe.send(_Connection.opened)
