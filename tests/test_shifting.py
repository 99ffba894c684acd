"""Customers are added and deleted while they are listed: over real HTTP, sync and async."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from mijnklantportaal_api.client import Client
from mijnklantportaal_api.models import CustomerPage

from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal, ServerError, apaginate, paginate
from mijnklantportaal.exchange import current_exchange
from mijnklantportaal.sandbox import Change, Sandbox
from mijnklantportaal.sandbox.faults import ReceivedRequest, Status
from tests.support import FakeTime


@dataclass
class Outcome:
    """What a listing yielded, and what it noticed."""

    ids: list[str]
    anchor: str | None
    page: int | None
    shifted: bool
    recovered: int


def list_sync(sandbox: Sandbox, concurrency: int = 8, most: int | None = None, **options: Any) -> Outcome:
    with MijnKlantportaal(
        api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency
    ) as portal:
        listing = portal.list_customers(**options)
        ids: list[str] = []
        for customer in listing:
            ids.append(customer.id)
            if len(ids) == most:
                break
        return Outcome(ids, listing.anchor, listing.page, listing.shifted, listing.recovered)


def list_async(sandbox: Sandbox, concurrency: int = 8, most: int | None = None, **options: Any) -> Outcome:
    async def run() -> Outcome:
        async with AsyncMijnKlantportaal(
            api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency
        ) as portal:
            listing = portal.list_customers(**options)
            ids: list[str] = []
            async with aclosing(aiter(listing)) as customers:  # type: ignore[type-var]
                async for customer in customers:
                    ids.append(customer.id)
                    if len(ids) == most:
                        break
            return Outcome(ids, listing.anchor, listing.page, listing.shifted, listing.recovered)

    return asyncio.run(run())


Run = Callable[..., Outcome]


@pytest.fixture(params=[list_sync, list_async])
def run(request: pytest.FixtureRequest) -> Run:
    """List from the first customer on."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def sandbox(fake_time: FakeTime) -> Iterator[Sandbox]:
    """150 customers on 10 pages; four requests a minute, with a clock that only advances during waits."""
    with Sandbox(customers=150, limit=4, clock=fake_time) as running:
        yield running


@pytest.mark.parametrize("concurrency", [1, 8])
def test_whoever_a_deletion_in_a_wait_would_hide_is_given(
    run: Run, concurrency: int, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    before = sandbox.ids()
    # The first request of the second window finds 20 customers gone from page 1 and page 2.
    sandbox.reset(changes=[Change(request=6, remove=20, at=0)])
    outcome = run(sandbox, concurrency)
    assert outcome.ids == before
    assert (outcome.shifted, outcome.recovered) == (True, 20)
    assert len([text for text in caplog.messages if "added or removed" in text]) == 1


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_quiet_list_costs_one_request_more_a_wait(run: Run, concurrency: int, sandbox: Sandbox) -> None:
    outcome = run(sandbox, concurrency)
    assert outcome.ids == sandbox.ids()
    assert (outcome.shifted, outcome.recovered) == (False, 0)
    answered = [request for request in sandbox.requests if request.status != 429]
    assert len(answered) <= 10 + 3 + (concurrency - 1)


def test_pages_gives_a_page_once_more_if_it_brought_somebody(sandbox: Sandbox) -> None:
    sandbox.reset(changes=[Change(request=6, remove=1, at=0)])
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=1) as portal:
        pages = [page.current_page for page in portal.list_customers(max_items=75).pages()]
    assert pages == [1, 2, 3, 4, 4, 5]


@dataclass
class Undocumented:
    """An item as the generated code returns it if the document does not name its fields."""

    additional_properties: dict[str, Any]


@dataclass
class UndocumentedPage:
    """A page of them."""

    data: list[Undocumented]
    next_page_url: str | None
    current_page: int


def list_undocumented(*, client: Client, page: int = 1) -> UndocumentedPage:
    """A generated call of an operation whose items have no documented fields."""
    body = client.get_httpx_client().get("/customers", params={"page": page}).json()
    items = [Undocumented(item) for item in body["data"]]
    return UndocumentedPage(items, body["next_page_url"], body["current_page"])


def test_items_without_documented_fields_are_known_by_their_ids_too(sandbox: Sandbox) -> None:
    before = sandbox.ids()
    sandbox.reset(changes=[Change(request=6, remove=20, at=0)])
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        listing = paginate(list_undocumented, client=portal.client)
        assert [item.additional_properties["id"] for item in listing] == before
    assert (listing.shifted, listing.recovered) == (True, 20)
    assert listing.anchor


def test_certain_lists_until_nobody_turns_up(run: Run, sandbox: Sandbox) -> None:
    """A deletion within a burst hides a customer: the second pass finds it, and the third finds none."""
    sandbox.reset(limit=None, changes=[Change(request=2, remove=1, at=0)])
    before = sandbox.ids()
    hidden = before[15]
    assert hidden not in run(sandbox, 1).ids
    sandbox.reset(limit=None, changes=[Change(request=2, remove=1, at=0)])
    outcome = run(sandbox, 1, certain=True)
    assert set(outcome.ids) == set(before)
    assert outcome.ids[-1] == hidden
    assert outcome.recovered == 1
    assert len(sandbox.requests) == 30


@pytest.mark.parametrize("concurrency", [1, 8])
def test_going_on_at_the_anchor_finds_its_place_again(run: Run, concurrency: int, sandbox: Sandbox) -> None:
    sandbox.reset(limit=None)
    before = sandbox.ids()
    first = run(sandbox, concurrency, most=47)
    assert first.page == 4
    assert first.anchor is not None
    assert first.anchor.startswith("3.")  # page 4 was not yielded completely
    sandbox.remove_customers(20, at=0)
    rest = run(sandbox, concurrency, start_page=first.anchor)
    assert first.ids[:45] + rest.ids == before


def test_the_anchor_does_not_cover_a_page_that_max_items_cut(run: Run, sandbox: Sandbox) -> None:
    sandbox.reset(limit=None)
    first = run(sandbox, max_items=20)
    assert first.anchor is not None
    assert first.anchor.startswith("1.")
    assert run(sandbox, start_page=first.anchor).ids == sandbox.ids()[15:]


def test_the_anchor_of_pages_covers_the_page_that_was_given(sandbox: Sandbox) -> None:
    sandbox.reset(limit=None)
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        assert portal.list_customers().anchor is None
        listing = portal.list_customers()
        for page in listing.pages():
            assert listing.anchor is not None
            assert listing.anchor.split(".")[0] == str(page.current_page)
        resumed = portal.list_customers(start_page=listing.anchor or 1)
        assert resumed.anchor == listing.anchor
        assert list(resumed) == []


def test_an_error_of_a_page_that_is_read_again_names_it(run: Run, sandbox: Sandbox) -> None:
    def fail(request: ReceivedRequest) -> Status | None:
        again = [each for each in sandbox.requests[: request.number - 1] if each.page == request.page]
        return Status(501) if any(each.status == 200 for each in again) else None

    sandbox.reset(faults=fail)
    with pytest.raises(ServerError) as caught:
        run(sandbox, 1)
    assert caught.value.page == 4


@pytest.mark.parametrize("anchor", ["", "3", "0.", "3.abc", "03.", "3.abcdefg!", "3.abcdefgé"])
def test_an_anchor_that_makes_no_sense(anchor: str) -> None:
    with (
        MijnKlantportaal(api_key="x") as portal,
        pytest.raises(ValueError, match="start_page must be an integer of at least 1, or the anchor"),
    ):
        portal.list_customers(start_page=anchor)


def test_no_limit_lifts_an_earlier_one(sandbox: Sandbox) -> None:
    sandbox.reset(limit=None)
    with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
        few = portal.list_customers(max_items=3, certain=True)
        assert len(list(few.with_options(start_page=1))) == 3
        assert len(list(few.with_options(max_items=None, certain=False))) == 150


class Scripted:
    """A client with two requests in flight: the response to page 2 is late, after a customer was added."""

    def __init__(self) -> None:
        self.page_3_is_there = threading.Event()
        self.pace = self
        self.concurrency = 2

    def remaining(self) -> int | None:
        return None

    def monotonic(self) -> float:
        return 0.0

    def answer(self, page: int) -> CustomerPage:
        again = page == 3 and self.page_3_is_there.is_set()
        ids, sent = {
            1: (["1", "2"], 0.0),
            2: (["2", "3"], 5.0),
            3: (["4", "5"], 5.2) if again else (["5", "6"], 0.2),
        }[page]
        exchange = current_exchange()
        exchange.sent = exchange.arrived = sent
        rows = [{"id": each} for each in ids]
        following = None if page == 3 else "more"
        return CustomerPage.from_dict({"current_page": page, "data": rows, "next_page_url": following} | REST)


REST = {"first_page_url": "", "from": 1, "path": "", "per_page": 2, "prev_page_url": None, "to": 2}


def pages_sync() -> tuple[list[list[str]], int]:
    def call(*, client: Scripted, page: int) -> CustomerPage:
        if page == 2:
            assert client.page_3_is_there.wait(30)
        answer = client.answer(page)
        if page == 3:
            client.page_3_is_there.set()
        return answer

    listing = paginate(call, client=Scripted())  # type: ignore[call-arg]
    return [[each.id for each in page.data] for page in listing.pages()], listing.recovered


def pages_async() -> tuple[list[list[str]], int]:
    async def run() -> tuple[list[list[str]], int]:
        page_3_is_there = asyncio.Event()

        async def call(*, client: Scripted, page: int) -> CustomerPage:
            if page == 2:
                await page_3_is_there.wait()
            answer = client.answer(page)
            if page == 3:
                client.page_3_is_there.set()
                page_3_is_there.set()
            return answer

        listing = apaginate(call, client=Scripted())  # type: ignore[call-arg]
        return [[each.id for each in page.data] async for page in listing.pages()], listing.recovered

    return asyncio.run(run())


@pytest.mark.parametrize("pages", [pages_sync, pages_async])
def test_pages_gives_both_readings_of_a_page_that_was_read_too_early(
    pages: Callable[[], tuple[list[list[str]], int]],
) -> None:
    assert pages() == ([["1", "2"], ["2", "3"], ["4", "5"], ["5", "6"]], 1)
