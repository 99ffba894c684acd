"""The rate limit and retries, over real HTTP, with simulated time for sandbox and portal."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mijnklantportaal import (
    AsyncMijnKlantportaal,
    MijnKlantportaal,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    Wait,
)
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Drop, Fault, Headers, ReceivedRequest, Status
from tests.processes import PATIENCE
from tests.support import FakeTime

WAITS: list[Wait] = []


@pytest.fixture
def sandbox(fake_time: FakeTime) -> Iterator[Sandbox]:
    WAITS.clear()
    with Sandbox(customers=100, clock=fake_time) as running:
        yield running


def list_sync(sandbox: Sandbox, **options: Any) -> list[str]:
    with MijnKlantportaal(
        api_key=sandbox.api_key, base_url=sandbox.base_url, on_wait=WAITS.append, **options
    ) as portal:
        return [customer.id for customer in portal.list_customers()]


def list_async(sandbox: Sandbox, **options: Any) -> list[str]:
    async def run() -> list[str]:
        async with AsyncMijnKlantportaal(
            api_key=sandbox.api_key, base_url=sandbox.base_url, on_wait=WAITS.append, **options
        ) as portal:
            return [customer.id async for customer in portal.list_customers()]

    return asyncio.run(run())


@pytest.fixture(params=[list_sync, list_async])
def run(request: pytest.FixtureRequest) -> Callable[..., list[str]]:
    return request.param  # type: ignore[no-any-return]


Run = Callable[..., list[str]]


def statuses(sandbox: Sandbox) -> list[int | None]:
    return [request.status for request in sandbox.requests]


@pytest.mark.parametrize("concurrency", [1, 2, 8, 16])
@pytest.mark.parametrize(("limit", "customers"), [(20, 450), (20, 300), (7, 300), (1, 60)])
def test_one_429_a_window_at_most_and_no_window_wasted(
    run: Run, limit: int, customers: int, concurrency: int, sandbox: Sandbox, fake_time: FakeTime
) -> None:
    sandbox.reset(customers=customers, limit=limit)
    began = fake_time()
    assert run(sandbox, concurrency=concurrency) == sandbox.ids()
    answered = statuses(sandbox).count(200)
    windows = (answered - 1) // limit
    assert answered <= customers // 15 + windows + concurrency - 1  # a page is read again after each wait
    assert statuses(sandbox).count(429) <= windows + 1
    assert fake_time() - began <= windows * (60 + 1)
    assert len(WAITS) == windows
    assert all(wait.reason == "the rate limit is reached" and wait.seconds <= 61 for wait in WAITS)
    assert {(wait.kind, wait.attempt) for wait in WAITS} <= {("rate_limit", 0), ("rate_limit", 1)}


def test_a_portal_alone_never_has_more_in_flight_than_remain(run: Run, sandbox: Sandbox) -> None:
    sandbox.reset(customers=1500, limit=60)
    run(sandbox, concurrency=16)
    good = [request.remaining for request in sandbox.requests if request.status == 200]
    assert min(remaining for remaining in good if remaining is not None) == 0
    assert statuses(sandbox).count(429) == 1


@pytest.mark.parametrize("header", ["0", "junk", "-5", None, "Sun, 22 Nov 2026 14:23:30 GMT", "1.5", "90"])
def test_any_retry_after_is_waited_out_once(
    run: Run, header: str | None, sandbox: Sandbox, fake_time: FakeTime
) -> None:
    rejected = Status(429, headers={"Retry-After": header} if header is not None else {})
    began = fake_time()
    sandbox.reset(limit=None, faults={4: rejected})
    assert run(sandbox) == sandbox.ids()
    said = {"0": 0, "-5": 0, "1.5": 1.5, "90": 90, "junk": 60, None: 60}.get(header, 29)
    assert fake_time() - began == pytest.approx(said + 1)
    assert len(WAITS) == 1


def test_a_burst_of_429s_is_one_wait(run: Run, sandbox: Sandbox, fake_time: FakeTime) -> None:
    def storm(request: ReceivedRequest) -> Fault | None:
        return Status(429, headers={"Retry-After": "10"}) if 8 <= request.number <= 15 else None

    sandbox.reset(customers=600, limit=None, faults=storm)
    began = fake_time()
    assert run(sandbox, concurrency=8) == sandbox.ids()
    # The burst, then one probe at a time until the window is over.
    assert fake_time() - began <= 8 * 11
    assert len(WAITS) <= 8


def test_a_storm_that_never_ends_is_an_error(run: Run, sandbox: Sandbox, fake_time: FakeTime) -> None:
    sandbox.reset(
        faults=lambda request: Status(429, headers={"Retry-After": "0"}) if request.page == 3 else None
    )
    began = fake_time()
    with pytest.raises(RateLimitError) as caught:
        run(sandbox, max_wait=20, concurrency=1)
    assert caught.value.page == 3
    assert caught.value.attempts == 21
    assert fake_time() - began <= 21


def test_other_processes_on_the_same_key_are_coped_with(
    run: Run, sandbox: Sandbox, fake_time: FakeTime
) -> None:
    """Another client takes two requests for each of ours."""

    def other(request: ReceivedRequest) -> None:
        for _ in range(2):
            taken.append(sandbox._state._window.take(fake_time()))

    taken: list[bool] = []
    sandbox.reset(customers=900, faults=other)
    began = fake_time()
    assert run(sandbox) == sandbox.ids()
    # Three windows are needed; pages past the end, which a real clock would not wait for, may see a fourth.
    assert 2 * 61 <= fake_time() - began <= 3 * 61
    assert len(WAITS) <= 3
    assert statuses(sandbox).count(429) <= 3 * 8


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Remaining": None, "X-RateLimit-Limit": None},
        {"X-RateLimit-Remaining": "junk"},
        {"X-RateLimit-Remaining": "-3"},
        {"X-RateLimit-Remaining": "0"},
        {"X-RateLimit-Remaining": "3", "X-RateLimit-Limit": "5"},
    ],
)
def test_headers_of_any_kind_stop_nobody(run: Run, headers: dict[str, str | None], sandbox: Sandbox) -> None:
    sandbox.reset(limit=None, faults=lambda request: Headers(headers))
    assert run(sandbox) == sandbox.ids()


def test_a_wait_longer_than_max_wait_is_an_error_at_once(
    run: Run, sandbox: Sandbox, fake_time: FakeTime
) -> None:
    sandbox.reset(faults={3: Status(429, headers={"Retry-After": "3600"})})
    began = fake_time()
    with pytest.raises(RateLimitError) as caught:
        run(sandbox, concurrency=1)
    assert fake_time() == began
    assert caught.value.page == 3
    assert caught.value.retry_after == 3600
    assert "Try again in 3600 s" in str(caught.value)
    assert WAITS == []


def test_a_wait_that_patience_does_not_reach_is_not_announced(run: Run, sandbox: Sandbox) -> None:
    sandbox.reset(faults=lambda request: Status(429, headers={"Retry-After": "0"}))
    with pytest.raises(RateLimitError):
        run(sandbox, max_wait=2.5)
    assert [wait.seconds for wait in WAITS] == [1, 1]


def test_who_comes_later_is_not_sent_into_the_long_wait_either(sandbox: Sandbox, fake_time: FakeTime) -> None:
    sandbox.reset(faults={1: Status(429, headers={"Retry-After": "3600"})})
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        for _ in range(2):
            with pytest.raises(RateLimitError) as caught:
                list(portal.list_customers())
        assert len(sandbox.requests) == 1
        assert caught.value.retry_after == 3601
        assert caught.value.resets_at is not None
        assert caught.value.resets_at.timestamp() == fake_time() + 3601
        assert caught.value.attempts == 0


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 521, 522, 523, 524])
def test_server_errors_are_tried_again(run: Run, status: int, sandbox: Sandbox) -> None:
    sandbox.reset(faults={2: Status(status), 3: Status(status)})
    assert run(sandbox, concurrency=1) == sandbox.ids()
    assert [wait.reason for wait in WAITS] == [
        f"the API responded with {status}, attempt {attempt} of 5" for attempt in (1, 2)
    ]
    assert 0.5 <= WAITS[0].seconds <= 1 <= WAITS[1].seconds <= 2
    assert [(wait.kind, wait.attempt) for wait in WAITS] == [("retry", 1), ("retry", 2)]


@pytest.mark.parametrize("when", ["before", "within", "after"])
@pytest.mark.parametrize("reset", [False, True])
def test_lost_connections_are_tried_again(run: Run, when: Any, reset: bool, sandbox: Sandbox) -> None:
    sandbox.reset(faults={2: Drop(when, reset=reset), 5: Drop(when, reset=reset)})
    assert run(sandbox) == sandbox.ids()


def test_retry_after_of_maintenance_is_honoured(run: Run, sandbox: Sandbox, fake_time: FakeTime) -> None:
    sandbox.reset(faults={2: Status(503, headers={"Retry-After": "30"})})
    began = fake_time()
    assert run(sandbox, concurrency=1) == sandbox.ids()
    assert fake_time() - began == 30
    assert [(wait.kind, wait.attempt) for wait in WAITS] == [("maintenance", 1)]


def test_maintenance_longer_than_max_wait_is_an_error_at_once(
    run: Run, sandbox: Sandbox, fake_time: FakeTime
) -> None:
    sandbox.reset()
    sandbox.maintenance(3600)
    began = fake_time()
    with pytest.raises(ServerError, match="503"):
        run(sandbox)
    assert fake_time() == began
    assert len(sandbox.requests) == 1


def test_retries_are_bounded_and_counted(run: Run, sandbox: Sandbox) -> None:
    sandbox.reset(faults=lambda request: Status(520) if request.page == 2 else None)
    with pytest.raises(ServerError) as caught:
        run(sandbox, concurrency=1)
    assert caught.value.attempts == 5
    assert str(caught.value) == "GET /v1/customers (page 2): 520: Error, after 5 attempts. Try again later"
    assert len(sandbox.requests) == 6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 501, 505])
def test_other_errors_are_not_tried_again(run: Run, status: int, sandbox: Sandbox) -> None:
    sandbox.reset(faults={1: Status(status)})
    with pytest.raises(Exception, match=str(status)):
        run(sandbox)
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize(("status", "sent"), [(500, 1), (503, 1), (429, 2)])
def test_a_post_is_sent_again_only_when_it_was_not_executed(status: int, sent: int, sandbox: Sandbox) -> None:
    sandbox.reset(faults={1: Status(status, headers={"Retry-After": "1"})})
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        with pytest.raises(Exception, match="405|501" if status == 429 else str(status)):
            portal.client.get_httpx_client().post("/customers", json={"companyName": "x"})
    assert [request.method for request in sandbox.requests] == ["POST"] * sent


def test_a_post_whose_connection_is_lost_is_not_sent_again(sandbox: Sandbox) -> None:
    sandbox.reset(faults={1: Drop("before")})
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        with pytest.raises(Exception, match="no response"):
            portal.client.get_httpx_client().post("/customers")
    assert len(sandbox.requests) == 1


def test_timeouts_are_tried_again(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(request: httpx.Request) -> None:
        calls.append(request.url.params["page"])
        if calls.count("2") in {1, 2} and calls[-1] == "2":
            raise httpx.ReadTimeout("late")

    calls: list[str] = []
    inject(monkeypatch, late)
    assert run(sandbox, concurrency=1) == sandbox.ids()
    assert calls.count("2") == 3


def test_timeouts_are_bounded(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(request: httpx.Request) -> None:
        raise httpx.ReadTimeout("late")

    inject(monkeypatch, late)
    with pytest.raises(RequestTimeoutError, match="after 5 attempts"):
        run(sandbox)


def inject(monkeypatch: pytest.MonkeyPatch, fault: Callable[[httpx.Request], None]) -> None:
    """Faults of the network, below the retries."""
    sync, asynchronous = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        fault(request)
        return sync(self, request)

    async def handle_async_request(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        fault(request)
        return await asynchronous(self, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle_request)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request)


def test_eight_threads_share_one_budget(sandbox: Sandbox, fake_time: FakeTime) -> None:
    sandbox.reset(customers=300, limit=60)
    found: list[list[str]] = []
    began = fake_time()
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        listing = portal.list_customers()
        workers = [
            threading.Thread(target=lambda: found.append([customer.id for customer in listing]))
            for _ in range(8)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(PATIENCE)
    assert found == [sandbox.ids()] * 8
    # No window is wasted. Beyond the 160 pages, there are only those read ahead past the end, and at most
    # three per listing that are read again after a wait.
    counted = statuses(sandbox).count(200)
    waits = math.ceil(counted / 60) - 1
    assert fake_time() - began <= waits * 61
    assert counted <= 8 * (20 + 7 + 3 * waits)
    assert statuses(sandbox).count(429) <= 5
