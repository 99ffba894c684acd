"""A very slow server cannot block a program; a response that decompresses to too much is an error."""

from __future__ import annotations

import asyncio
import gc
import gzip
import socket
import ssl
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
import trustme
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import AsyncMijnKlantportaal, ContractError, MijnKlantportaal, RequestTimeoutError
from mijnklantportaal.transport.connection import Connection, Deadline
from mijnklantportaal.transport.responses import DeadlineTimeout
from tests.processes import PATIENCE
from tests.support import KEY, answer, assert_threads_end, page, serving

List = Callable[..., list[str]]


def list_sync(base_url: str, **options: Any) -> list[str]:
    with MijnKlantportaal(api_key=KEY, base_url=base_url, max_retries=0, **options) as portal:
        return [customer.id for customer in portal.list_customers()]


def list_async(base_url: str, **options: float) -> list[str]:
    async def run() -> list[str]:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url, max_retries=0, **options) as portal:  # type: ignore[arg-type]
            return [customer.id async for customer in portal.list_customers()]

    return asyncio.run(run())


@pytest.fixture(params=[list_sync, list_async])
def list_(request: pytest.FixtureRequest) -> List:
    return request.param  # type: ignore[no-any-return]


@contextmanager
def dripping(head: bytes, tunnel: ssl.SSLContext | None = None) -> Generator[str]:
    """Serve this head and then single bytes without end; optionally through a proxy's tunnel and with TLS."""

    def serve() -> None:
        connection, _ = server.accept()
        if tunnel is not None:
            assert connection.recv(65536).startswith(b"CONNECT ")
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            connection = tunnel.wrap_socket(connection, server_side=True)
        with connection, suppress(OSError):  # the client has gone
            connection.recv(65536)
            connection.sendall(head)
            while not done.wait(0.01):
                connection.sendall(b"x")

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        finally:
            done.set()
            thread.join(30)


HEADS = [b"HTTP/1.1 200 OK\r\nX-Long: ", page(1, [], more=False).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"]


@pytest.mark.parametrize("head", HEADS, ids=["head", "body"])
def test_a_server_that_drips_is_a_timeout(list_: List, head: bytes) -> None:
    with dripping(head) as base_url:
        with pytest.raises(RequestTimeoutError, match=r"timed out \(deadline\)"):
            list_(base_url, deadline=0.2)
        assert_threads_end("mijnklantportaal-deadline")  # while the server still sends


@pytest.mark.parametrize("head", HEADS, ids=["head", "body"])
def test_the_deadline_holds_for_a_callers_transport(head: bytes) -> None:
    with dripping(head) as base_url, httpx.HTTPTransport() as transport:
        with pytest.raises(RequestTimeoutError, match=r"timed out \(deadline\)"):
            list_sync(base_url, deadline=0.2, transport=transport)


def test_the_deadline_holds_through_a_tunnel() -> None:
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("portal.example").configure_cert(theirs)
    authority.configure_trust(ours)
    with dripping(HEADS[0], theirs) as proxy, httpx.HTTPTransport(verify=ours, proxy=proxy) as transport:
        with pytest.raises(RequestTimeoutError, match=r"timed out \(deadline\)"):
            list_sync("https://portal.example/v1", deadline=0.5, transport=transport)
        assert_threads_end("mijnklantportaal-deadline")  # while the server still sends


def test_a_deadline_that_passes_while_connecting() -> None:
    with serving(page(1, ["a"], more=False)) as wire, httpx.HTTPTransport() as transport:
        connection = Connection(transport)
        connection.interrupt()
        outcome = connection.send(httpx.Request("GET", f"{wire.base_url}/customers?page=1"), 2**20)
    assert isinstance(outcome, DeadlineTimeout)


def test_a_thread_that_could_not_start_is_started_with_the_next_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    deadline, connection = Deadline(), Connection(httpx.MockTransport(lambda _: httpx.Response(200)))
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        deadline.start(connection, 60)  # without a deadline, as when the interpreter exits
    deadline.stop(connection)
    deadline.start(connection, 60)
    assert "mijnklantportaal-deadline" in {thread.name for thread in threading.enumerate()}
    deadline.stop(connection)
    deadline.close()
    assert_threads_end("mijnklantportaal-deadline")


def test_a_callers_own_trace_is_called() -> None:
    """The `trace` extension of httpx, which the deadline uses as well."""
    events: list[str] = []
    with (
        serving(page(1, ["a"], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
    ):
        extensions = {"trace": lambda event, _: events.append(event)}
        portal.client.get_httpx_client().get("/customers", extensions=extensions)
    assert "connection.connect_tcp.complete" in events


def test_the_deadline_is_four_times_the_timeout_of_a_read(list_: List) -> None:
    """By default. The server never stops sending, so without a deadline, this would not end."""
    with dripping(HEADS[1]) as base_url:
        began = time.monotonic()
        with pytest.raises(RequestTimeoutError, match="longer timeout or deadline"):
            list_(base_url, timeout=0.2)
        assert time.monotonic() - began >= 0.8


def test_the_deadline_follows_the_timeout_of_a_copy() -> None:
    with (
        dripping(HEADS[1]) as base_url,
        MijnKlantportaal(api_key=KEY, base_url=base_url, max_retries=0) as portal,
    ):
        with pytest.raises(RequestTimeoutError, match="deadline"):
            list_customers.sync(client=portal.client.with_timeout(httpx.Timeout(0.1)))


def test_the_earliest_deadline_is_first_whatever_the_order() -> None:
    interrupted = threading.Event()

    class Early(Connection):
        def interrupt(self) -> None:
            interrupted.set()

    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    deadline, late, early = Deadline(), Connection(transport), Early(transport)
    deadline.start(late, 60)
    deadline.start(early, 0.01)
    assert interrupted.wait(PATIENCE)
    assert not late.interrupted
    deadline.stop(late)
    deadline.close()
    assert_threads_end("mijnklantportaal-deadline")


def test_a_portal_that_is_not_closed_leaves_no_thread() -> None:
    with serving(page(1, ["a"], more=False)) as wire:
        portal = MijnKlantportaal(api_key=KEY, base_url=wire.base_url)
        assert [customer.id for customer in portal.list_customers()] == ["a"]
        assert "mijnklantportaal-deadline" in {thread.name for thread in threading.enumerate()}
        del portal
        gc.collect()
        assert_threads_end("mijnklantportaal-deadline")


@pytest.mark.parametrize("deadline", [-1, 0, True, float("nan"), "10"])
def test_a_deadline_that_makes_no_sense(deadline: float) -> None:
    with pytest.raises(ValueError, match="deadline must be a number of seconds, more than 0"):
        MijnKlantportaal(api_key=KEY, deadline=deadline)


def test_no_timeout_is_no_deadline(list_: List) -> None:
    with serving(page(1, ["a"], more=False)) as wire:
        assert list_(wire.base_url, timeout=httpx.Timeout(None)) == ["a"]


def test_an_answer_that_unpacks_to_too_much_is_an_error(list_: List) -> None:
    bomb = answer(gzip.compress(b" " * 2**27, 1), headers="Content-Encoding: gzip\r\n")
    with serving(bomb) as wire:
        tracemalloc.start()
        with pytest.raises(
            ContractError, match=r"larger than max_body_size, 1,048,576 bytes\. Set a"
        ) as caught:
            list_(wire.base_url, max_body_size=2**20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert caught.value.page == 1
    assert peak < 2**26  # decompressed at once, it would be twice that


def test_a_body_of_the_greatest_size_is_taken(list_: List) -> None:
    response = page(1, ["a"], more=False)
    size = len(response.partition(b"\r\n\r\n")[2])
    with serving(response, response) as wire:
        assert list_(wire.base_url, max_body_size=size) == ["a"]
        with pytest.raises(ContractError, match="larger"):
            list_(wire.base_url, max_body_size=size - 1)


def test_a_compressed_body_is_decompressed_once(list_: List) -> None:
    head, body = page(1, ["a"], more=False).split(b"\r\n\r\n", 1)
    assert b"application/json" in head
    with serving(answer(gzip.compress(body), headers="Content-Encoding: gzip\r\n")) as wire:
        assert list_(wire.base_url, max_body_size=len(body)) == ["a"]


def test_a_greatest_size_that_is_no_limit(list_: List) -> None:
    packed = gzip.compress(page(1, ["a"], more=False).partition(b"\r\n\r\n")[2])
    with serving(answer(packed, headers="Content-Encoding: gzip\r\n")) as wire:
        assert list_(wire.base_url, max_body_size=sys.maxsize) == ["a"]


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate"])
def test_only_gzip_is_accepted(list_: List, encoding: str) -> None:
    """Others can decompress to any size."""
    body = page(1, ["a"], more=False).partition(b"\r\n\r\n")[2]
    packed = gzip.compress(gzip.compress(body))
    with serving(answer(packed, headers=f"Content-Encoding: {encoding}\r\n")) as wire:
        with pytest.raises(ContractError, match=f"encoding of the response is '{encoding}', not gzip"):
            list_(wire.base_url)
    assert "accept-encoding: gzip\r\n" in wire.heads[0].lower()


@pytest.mark.parametrize("encoding", ["identity", ""])
def test_a_body_that_is_declared_as_not_packed(list_: List, encoding: str) -> None:
    body = page(1, ["a"], more=False).partition(b"\r\n\r\n")[2]
    with serving(answer(body, headers=f"Content-Encoding: {encoding}\r\n")) as wire:
        assert list_(wire.base_url) == ["a"]


PACKED = gzip.compress(page(1, ["a"], more=False).partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"not packed", "the encoding of the response is invalid"),
        (PACKED + PACKED, "the response has data after its compressed body"),
        (PACKED[:-9], "the body of the response is truncated"),
    ],
    ids=["not packed", "packed twice in a row", "truncated"],
)
def test_a_broken_encoding_is_an_error(list_: List, body: bytes, what: str) -> None:
    with serving(answer(body, headers="Content-Encoding: gzip\r\n")) as wire:
        with pytest.raises(ContractError, match=what):
            list_(wire.base_url)
