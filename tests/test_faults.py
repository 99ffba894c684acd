"""Any faults: every customer once, in order, or an error that names the page; resuming completes the listing.

`make soak` draws thousands of schedules, `make test` hundreds.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal, MijnKlantportaalError, RequestError
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import (
    Delay,
    Drop,
    Edit,
    Fault,
    Headers,
    Html,
    ReceivedRequest,
    Status,
    Truncate,
    WrongPage,
    by_page,
)
from tests.support import FakeTime

Step = Fault | type[httpx.TransportError] | None

STATUSES = [400, 401, 403, 404, 418, 500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 599]
RETRY_AFTER = st.sampled_from([None, "0", "1", "59", "-1", "junk", "Sun, 22 Nov 2026 14:23:30 GMT", "400"])
MALFORMED: list[Callable[[dict[str, Any]], object]] = [
    lambda page: {**page, "data": None},
    lambda page: {**page, "data": {}},
    lambda page: {key: value for key, value in page.items() if key != "next_page_url"},
    lambda page: {**page, "data": [{**row, "createdAt": "gisteren"} for row in page["data"]]},
    lambda page: [page],
]


def another_page(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "current_page": page["current_page"] + 7, "data": page["data"][1:]}


steps: st.SearchStrategy[Step] = st.one_of(
    st.none(),
    st.builds(Status, st.sampled_from(STATUSES)),
    st.builds(lambda value: Status(429, headers={"Retry-After": value}), RETRY_AFTER),
    st.builds(lambda value: Status(503, headers={"Retry-After": value}), RETRY_AFTER),
    st.builds(Drop, st.sampled_from(["before", "within", "after"]), st.booleans()),
    st.builds(Truncate),
    st.builds(Html, st.sampled_from([200, 200, 502])),
    st.builds(Edit, st.just(another_page)),
    st.builds(WrongPage, st.sampled_from([None, 1])),
    st.builds(Edit, st.sampled_from(MALFORMED)),
    st.builds(
        lambda value: Headers({"X-RateLimit-Remaining": value}),
        st.sampled_from([None, "0", "-2", "x", "900"]),
    ),
    st.sampled_from([httpx.ReadTimeout, httpx.ConnectTimeout, httpx.ConnectError, httpx.WriteError]),
)
schedules = st.dictionaries(st.integers(1, 9), st.lists(steps, min_size=1, max_size=7), max_size=6)


class Weather:
    """What happens to each attempt for each page: in the network, below the retries, or in the sandbox."""

    def __init__(self) -> None:
        self.clear()

    def clear(self, schedule: dict[int, list[Step]] | None = None) -> None:
        self._schedule = schedule or {}
        self._attempts: Counter[int] = Counter()
        self._now: dict[int, Step] = {}

    def network(self, request: httpx.Request) -> None:
        page = int(request.url.params["page"])
        attempt = self._attempts[page]
        self._attempts[page] += 1
        planned = self._schedule.get(page, [])
        step = planned[attempt] if attempt < len(planned) else None
        self._now[page] = step
        if isinstance(step, type):
            raise step("the weather")

    def sandbox(self, request: ReceivedRequest) -> Fault | None:
        step = self._now.get(request.page or 0)
        return step if isinstance(step, Fault) else None


@pytest.fixture(scope="module")
def weather() -> Iterator[Weather]:
    weather = Weather()
    sync, asynchronous = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        weather.network(request)
        return sync(self, request)

    async def handle_async_request(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        weather.network(request)
        return await asynchronous(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", handle_request)
        patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request)
        yield weather


@pytest.fixture(scope="module")
def sandbox(weather: Weather) -> Iterator[Sandbox]:
    with Sandbox(faults=weather.sandbox) as running:
        yield running


def list_sync(
    sandbox: Sandbox, concurrency: int, start_page: int
) -> tuple[list[str], MijnKlantportaalError | None]:
    ids: list[str] = []
    with MijnKlantportaal(
        api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency
    ) as portal:
        try:
            for customer in portal.list_customers(start_page=start_page):
                ids.append(customer.id)
        except MijnKlantportaalError as error:
            return ids, error
    return ids, None


def list_async(
    sandbox: Sandbox, concurrency: int, start_page: int
) -> tuple[list[str], MijnKlantportaalError | None]:
    async def run() -> tuple[list[str], MijnKlantportaalError | None]:
        ids: list[str] = []
        async with AsyncMijnKlantportaal(
            api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency
        ) as portal:
            try:
                async for customer in portal.list_customers(start_page=start_page):
                    ids.append(customer.id)
            except MijnKlantportaalError as error:
                return ids, error
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return ids, None

    return asyncio.run(run())


@settings(
    max_examples=max(200, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    schedule=schedules,
    concurrency=st.integers(1, 16),
    run=st.sampled_from([list_sync, list_async]),
    customers=st.sampled_from([0, 1, 15, 16, 30, 31, 60, 75, 100, 120]),
    limit=st.sampled_from([None, 60, 3, 1]),
)
def test_complete_or_a_typed_error_that_names_the_page_and_resuming_completes_it(
    schedule: dict[int, list[Step]],
    concurrency: int,
    run: Callable[..., Any],
    customers: int,
    limit: int | None,
    sandbox: Sandbox,
    weather: Weather,
    fake_time: FakeTime,
) -> None:
    sandbox.reset(customers=customers, limit=limit, clock=fake_time)
    weather.clear(schedule)
    ids = sandbox.ids()
    delivered, error = run(sandbox, concurrency, 1)
    if error is None:
        assert delivered == ids
    else:
        assert isinstance(error, RequestError)
        assert error.page is not None
        assert delivered == ids[: len(delivered)]
        before = (error.page - 1) * 15
        assert before <= len(delivered) <= before + 15  # more if the page was to be read again
        assert re.search(rf"\(page {error.page}[,)]", str(error))
        assert sandbox.api_key not in str(error)
        weather.clear()
        rest, error_again = run(sandbox, concurrency, error.page)
        assert error_again is None
        assert rest == ids[before:]


@pytest.mark.parametrize("run", [list_sync, list_async])
def test_a_real_stall_is_a_timeout_and_tried_again(
    run: Callable[..., Any], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only fault that takes real time: no response."""
    # Portal and async portal have one constructor; its default is what the listing helpers use.
    defaults = MijnKlantportaal.__init__.__kwdefaults__
    monkeypatch.setattr(MijnKlantportaal.__init__, "__kwdefaults__", {**(defaults or {}), "timeout": 0.3})
    sandbox.reset(customers=40, faults=by_page({2: [Delay(600)]}))
    assert run(sandbox, 4, 1) == (sandbox.ids(), None)
    assert [request.page for request in sandbox.requests].count(2) == 2
