"""Shared by several tests: a server on loopback that sends given responses, byte for byte."""

from __future__ import annotations

import asyncio
import json
import math
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from mijnklantportaal.transport.clock import Clock, Wait
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

KEY = "sk_invented|Zq8-4711"
SAMPLES = Path(__file__).parent / "wire-samples"


def sample(name: str) -> bytes:
    """Read a recorded response: the line ends of its head as HTTP requires, its body byte for byte."""
    head, _, body = (SAMPLES / f"{name}.http").read_bytes().partition(b"\n\n")
    return head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body


def answer(
    body: object, *, status: int = 200, headers: str = "", content_type: str = "application/json"
) -> bytes:
    """Create a response for a test."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + payload


def page(number: int, ids: list[str], *, more: bool, **changes: object) -> bytes:
    """Create a valid page of customers, with some keys of its envelope changed (or, with `...`, left out)."""
    url = "http://testserver.example/v1/customers"
    envelope: dict[str, object] = {
        "current_page": number,
        "data": [{"id": each} for each in ids],
        "first_page_url": f"{url}?page=1",
        "from": 1 if ids else None,
        "next_page_url": f"{url}?page={number + 1}" if more else None,
        "path": url,
        "per_page": 15,
        "prev_page_url": None,
        "to": len(ids) or None,
    } | changes
    return answer({key: value for key, value in envelope.items() if value is not ...})


@dataclass
class Wire:
    """The requests that the server received, and its address."""

    base_url: str
    heads: list[str] = field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        return [head.split(" ", 2)[1] for head in self.heads]


@contextmanager
def serving(*answers: bytes) -> Generator[Wire]:
    """Serve these responses in order, one per connection; another connection gets an empty response."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        wire = Wire(f"http://127.0.0.1:{server.getsockname()[1]}/v1")
        thread = threading.Thread(target=_serve, args=(server, wire, list(answers)))
        thread.start()
        try:
            yield wire
        finally:
            # Wakes the thread from accept(), on every platform, and stops it.
            with socket.create_connection(server.getsockname()):
                pass
            thread.join(PATIENCE)


def _serve(server: socket.socket, wire: Wire, answers: list[bytes]) -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = connection.recv(65536)
                if not chunk:
                    break
                head += chunk
            if not head:
                return
            wire.heads.append(head.decode("latin-1"))
            with suppress(ConnectionError):  # the client does not have to read all of it
                connection.sendall(answers.pop(0) if answers else b"")


def assert_threads_end(*names: str) -> None:
    """Check that the threads of a portal end; only tests wait for them."""
    for thread in threading.enumerate():
        if thread.name in names:
            thread.join(30)
            assert not thread.is_alive()


class FakeTime:
    """Simulated time that only advances during waits, for all clocks that share it."""

    def __init__(self, now: float = 1_795_357_381.0) -> None:
        self._lock = threading.Lock()
        self._now = now
        self.waits: list[float] = []

    def __call__(self) -> float:
        with self._lock:
            return self._now

    def pass_(self, seconds: float) -> None:
        """Wait; during simultaneous waits, time passes only once."""
        target = self() + seconds
        with self._lock:
            self.waits.append(seconds)
            self._now = max(self._now, target)


class FakeClock(Clock):
    """A clock whose waits take no time."""

    def __init__(self, time: FakeTime, on_wait: Callable[[Wait], None] | None = None) -> None:
        super().__init__(on_wait)
        self.fake = time

    def monotonic(self) -> float:
        return self.fake()

    def time(self) -> float:
        return self.fake()

    def sleep(self, until: float, woken: SimpleQueue[None]) -> None:
        if until == math.inf:
            super().sleep(until, woken)
        else:
            self.fake.pass_(until - self.fake())

    async def asleep(self, until: float, woken: asyncio.Event) -> None:
        if until == math.inf:
            await super().asleep(until, woken)
        else:
            self.fake.pass_(until - self.fake())
            await asyncio.sleep(0)
