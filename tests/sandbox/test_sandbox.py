"""Starting, stopping, resetting; adding and removing rows; the rate limit; recorded requests."""

import asyncio
import contextlib
import gc
import json
import math
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal.sandbox import ReceivedRequest, Sandbox
from mijnklantportaal.sandbox.faults import Delay
from tests import processes
from tests.sandbox.helpers import Clock, client_of, list_ids, served


def address_of(sandbox: Sandbox) -> tuple[str, int]:
    return "127.0.0.1", httpx.URL(sandbox.base_url).port or 0


def test_a_listing_delivers_the_customers_in_order() -> None:
    with served(customers=40, seed=7) as (sandbox, client):
        assert list_ids(client) == sandbox.ids()
        assert len(set(sandbox.ids())) == 40
        assert client.get("/customers").json()["data"][3] == sandbox.customer(3)
        oldest_first = Sandbox(customers=40, seed=7, order="oldest").ids()
        assert oldest_first == sandbox.ids()[::-1]
        assert Sandbox(customers=40, seed=8).ids() != sandbox.ids()


def test_a_large_portal_is_invented_on_demand() -> None:
    with served(customers=100_000) as (sandbox, client):
        page = client.get("/customers", params={"page": 6667}).json()
        assert (page["from"], page["to"], page["next_page_url"]) == (99_991, 100_000, None)
        assert page["data"][-1] == sandbox.customer(99_999)


changes = st.lists(
    st.tuples(st.just("add"), st.integers(0, 20), st.none() | st.integers(0, 60))
    | st.tuples(st.just("remove"), st.integers(0, 20), st.integers(0, 60)),
    max_size=6,
)


@settings(max_examples=50)
@given(st.integers(0, 50), st.sampled_from(["newest", "oldest"]), changes)
def test_rows_are_added_and_removed(
    customers: int, order: Any, changes: list[tuple[str, int, int | None]]
) -> None:
    sandbox = Sandbox(customers=customers, order=order)
    rows = sandbox.ids()
    ever = set(rows)
    for what, count, at in changes:
        if what == "add":
            new = sandbox.add_customers(count, at)
            assert len(new) == count
            assert not ever & set(new)
            ever |= set(new)
            where = at if at is not None else 0 if order == "newest" else len(rows)
            rows[where:where] = new
        else:
            assert at is not None
            assert sandbox.remove_customers(count, at) == rows[at : at + count]
            del rows[at : at + count]
        assert sandbox.ids() == rows


def test_new_customers_are_added_in_order() -> None:
    newest, oldest = Sandbox(customers=2), Sandbox(customers=2, order="oldest")
    newest.add_customers(2)
    oldest.add_customers(2)
    assert newest.ids() == oldest.ids()[::-1] == Sandbox(customers=4).ids()


def test_the_rate_limit_follows_the_clock_of_the_sandbox() -> None:
    clock = Clock(1_000.5)
    with served(limit=2, window=60, clock=clock) as (sandbox, client):
        assert client.get("/customers").headers["X-RateLimit-Remaining"] == "1"
        clock.now += 30
        assert client.get("/customers").headers["X-RateLimit-Remaining"] == "0"
        response = client.get("/customers")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "30")
        assert response.headers["X-RateLimit-Reset"] == "1060"
        clock.now = 1_060.4
        assert client.get("/customers").headers["Retry-After"] == "0"
        clock.now = 1_060.5
        assert client.get("/customers").headers["X-RateLimit-Remaining"] == "1"
        assert [(r.status, r.remaining) for r in sandbox.requests] == [
            (200, 1), (200, 0), (429, 0), (429, 0), (200, 1)
        ]  # fmt: skip


def test_without_a_limit_the_headers_count_down_from_a_million() -> None:
    with served(limit=None) as (_, client):
        headers = client.get("/customers").headers
        assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("1000000", "999999")


def test_requests_rejected_early_are_recorded_but_not_counted() -> None:
    with served(limit=1) as (sandbox, client):
        assert (
            client.get("/customers?page=2&x=%20", headers={"Authorization": "Bearer oops"}).status_code == 401
        )
        assert client.get("/customers", headers={"Authorization": "Basic sandbox-key"}).status_code == 401
        assert client.get("/nowhere").status_code == 404
        deleted = client.delete("/customers")
        assert (deleted.status_code, deleted.headers["Allow"][:9]) == (405, "GET, HEAD")
        assert deleted.json() == {"code": 405, "message": "Error"}
        sandbox.maintenance(120)
        closed = client.get("/customers")
        assert (closed.status_code, closed.headers["Retry-After"]) == (503, "120")
        sandbox.maintenance(None)
        assert client.get("/customers", headers={"Authorization": "bearer sandbox-key"}).status_code == 200
        assert [
            (r.number, r.method, r.path, r.query, r.page, r.status, r.remaining) for r in sandbox.requests
        ] == [
            (1, "GET", "/v1/customers", "page=2&x=%20", 2, 401, None),
            (2, "GET", "/v1/customers", "", 1, 401, None),
            (3, "GET", "/v1/nowhere", "", None, 404, None),
            (4, "DELETE", "/v1/customers", "", 1, 405, None),
            (5, "GET", "/v1/customers", "", 1, 503, None),
            (6, "GET", "/v1/customers", "", 1, 200, 0),
        ]
        assert "oops" not in repr(sandbox.requests)
        assert "sandbox-key" not in repr(sandbox.requests)


def test_head_is_get_without_a_body() -> None:
    with served() as (_, client):
        response = client.head("/customers")
        assert response.content == b""
        assert response.headers["Content-Length"] == client.get("/customers").headers["Content-Length"]


def test_links_have_the_host_that_the_client_used() -> None:
    with served() as (sandbox, client):
        assert client.get("/customers").json()["path"] == f"{sandbox.base_url}/customers"
        assert (
            client.get("/customers", headers={"Host": "intern:8"}).json()["path"]
            == "http://intern:8/v1/customers"
        )


def test_a_client_of_http_1_0() -> None:
    """It may send no Host, and the connection is closed after each response."""
    with served() as (sandbox, _):
        with socket.create_connection(address_of(sandbox), timeout=30) as raw:
            raw.sendall(b"GET /v1/customers HTTP/1.0\r\nAuthorization: Bearer sandbox-key\r\n\r\n")
            response = b"".join(iter(lambda: raw.recv(65_536), b""))
        assert json.loads(response.partition(b"\r\n\r\n")[2])["path"] == "http://localhost/v1/customers"


def test_an_invalid_request_closes_the_connection() -> None:
    with served() as (sandbox, client):
        with socket.create_connection(address_of(sandbox), timeout=30) as raw:
            raw.sendall(b"\x16\x03\x01\r\n\r\n")  # as a client of https:// begins
            assert raw.recv(1) == b""
        assert client.get("/customers").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "1.5", "%00", "%ff", "page"])
def test_invalid_pages_return_page_1(page: str) -> None:
    with served() as (_, client):
        assert client.get(f"/customers?page={page}").json()["current_page"] == 1


def test_the_last_page_parameter_wins() -> None:
    with served() as (_, client):
        assert client.get("/customers?page=3&page=2").json()["current_page"] == 2


def test_latency_shows_how_many_were_in_flight() -> None:
    arrived = threading.Semaphore(0)

    def note(request: ReceivedRequest) -> None:
        arrived.release()

    with (
        Sandbox(latency=3600, faults=note) as sandbox,
        client_of(sandbox) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        asked = [pool.submit(client.get, "/customers") for _ in range(4)]
        assert all(arrived.acquire(timeout=30) for _ in range(4))
        assert sandbox.max_in_flight == 4
        sandbox.reset(latency=0)
        assert sandbox.max_in_flight == 0
        sandbox.__exit__(None, None, None)
        assert [type(future.exception(30)) for future in asked] == [httpx.RemoteProtocolError] * 4


def test_reset_restores_the_original_options() -> None:
    with served(customers=20, limit=1) as (sandbox, client):
        client.get("/customers")
        sandbox.maintenance()
        sandbox.add_customers(3)
        before = sandbox.base_url
        sandbox.reset(seed=3)
        assert sandbox.base_url == before
        assert sandbox.requests == []
        assert sandbox.ids() == Sandbox(customers=20, seed=3).ids()
        assert client.get("/customers").headers["X-RateLimit-Limit"] == "1"
        sandbox.reset(limit=9)
        assert client.get("/customers").headers["X-RateLimit-Limit"] == "9"
        assert len(sandbox.ids()) == 20


def test_starting_and_stopping_leaves_nothing_behind() -> None:
    sandbox = Sandbox(customers=1)
    threads = threading.enumerate()
    with sandbox:
        port = httpx.URL(sandbox.base_url).port or 0
        with client_of(sandbox) as client:
            assert client.get("/customers").status_code == 200
            kept = socket.create_connection(("127.0.0.1", port), timeout=30)
            kept.sendall(b"GET /v1/customers HTTP/1.1\r\nHost: half")
            with pytest.raises(RuntimeError, match="already running"):
                sandbox.__enter__()
    with kept, contextlib.suppress(ConnectionResetError):
        assert kept.recv(1) == b""
    assert threading.enumerate() == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url
    with sandbox, client_of(sandbox) as client:  # and it can be used again
        assert client.get("/customers").status_code == 200
    gc.collect()  # an unclosed socket or loop would warn here, and a warning is an error


@pytest.mark.parametrize("connections", [1, 5])
def test_stopping_closes_connections_that_are_being_accepted(connections: int) -> None:
    for _ in range(50):
        with Sandbox(customers=0) as sandbox:
            address = ("127.0.0.1", httpx.URL(sandbox.base_url).port or 0)
            made = [socket.create_connection(address, timeout=5) for _ in range(connections)]
        for one in made:
            with one, contextlib.suppress(ConnectionResetError):
                assert one.recv(1) == b""
    gc.collect()


def test_a_given_port_and_one_in_use() -> None:
    with Sandbox() as first:
        port = httpx.URL(first.base_url).port or 0
        with pytest.raises(RuntimeError, match=f"cannot start on 127.0.0.1:{port}"), Sandbox(port=port):
            pass
    with Sandbox(port=port) as again:
        assert again.base_url == f"http://127.0.0.1:{port}/v1"


def test_it_runs_beside_an_asyncio_loop() -> None:
    async def main() -> int:
        with Sandbox() as sandbox:
            headers = {"Authorization": f"Bearer {sandbox.api_key}"}
            async with httpx.AsyncClient(
                base_url=sandbox.base_url, headers=headers, trust_env=False
            ) as client:
                responses = await asyncio.gather(*(client.get("/customers") for _ in range(5)))
        return sum(response.status_code for response in responses)

    assert asyncio.run(main()) == 1000


def test_it_logs_nothing(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level("INFO"), served(faults={1: Delay(0.001)}) as (_, client):
        client.get("/customers")
        client.get("/nowhere")
    assert [record for record in caplog.records if not record.name.startswith("http")] == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "options",
    [
        {"customers": -1},
        {"latency": -1},
        {"latency": math.nan},
        {"window": 0},
        {"window": math.nan},
        {"limit": 0},
        {"limit": 1.5},
        {"limit": math.inf},
        {"order": "random"},
        {"port": 70_000},
        {"faults": [Delay(1)]},
        {"faults": {1: 500}},
        {"faults": Delay(1)},
    ],
)
def test_options_are_checked(options: Any) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        Sandbox(**options)


def test_it_imports_neither_httpx_nor_the_portal() -> None:
    code = (
        "import sys, mijnklantportaal\n"
        "ours = ('mijnklantportaal.', 'mijnklantportaal_api', 'httpx')\n"
        "for name in [name for name in sys.modules if name.startswith(ours)]: del sys.modules[name]\n"
        "import mijnklantportaal.sandbox\n"
        "found = [name for name in sys.modules if name.startswith(ours)]\n"
        "print([name for name in found if not name.startswith('mijnklantportaal.sandbox')])\n"
    )
    ran = processes.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_reset_forgets_requests_that_their_client_gave_up() -> None:
    with served(customers=40) as (sandbox, client):
        address = ("127.0.0.1", httpx.URL(sandbox.base_url).port or 0)
        for _ in range(20):
            with socket.create_connection(address) as connection:
                connection.sendall(b"GET /v1/customers HTTP/1.1\r\nHost: x\r\n\r\n")
            sandbox.reset()
            client.get("/customers")
            assert len(sandbox.requests) == 1


def test_reset_before_the_start_and_from_a_fault() -> None:
    def once(request: ReceivedRequest) -> None:
        if request.number == 1:
            running.reset(customers=7)

    sandbox = Sandbox(customers=40, faults=once)
    sandbox.reset()
    assert len(sandbox.ids()) == 40
    with sandbox as running, client_of(sandbox) as client:
        client.get("/customers")
        assert len(sandbox.ids()) == 7
