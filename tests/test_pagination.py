"""The rules of a listing, page by page, over real HTTP, sync and async."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.client import Client
from mijnklantportaal_api.models import Customer

from mijnklantportaal import (
    AsyncMijnKlantportaal,
    ContractError,
    MijnKlantportaal,
    PaginationError,
    RequestError,
    ServerError,
    apaginate,
    paginate,
)
from tests.support import KEY, answer, page, serving


@dataclass
class Outcome:
    """What a listing yielded, what stopped it, and whether it noticed a change."""

    ids: list[str]
    error: RequestError | None
    shifted: bool


def list_sync(base_url: str, **options: Any) -> Outcome:
    ids: list[str] = []
    error = None
    with MijnKlantportaal(api_key=KEY, base_url=base_url, concurrency=1) as portal:
        listing = portal.list_customers(**options)
        try:
            ids.extend(customer.id for customer in listing)
        except RequestError as caught:
            error = caught
    return Outcome(ids, error, listing.shifted)


def list_async(base_url: str, **options: Any) -> Outcome:
    async def run() -> Outcome:
        ids: list[str] = []
        error = None
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url, concurrency=1) as portal:
            listing = portal.list_customers(**options)
            try:
                async for customer in listing:
                    ids.append(customer.id)
            except RequestError as caught:
                error = caught
        return Outcome(ids, error, listing.shifted)

    return asyncio.run(run())


@pytest.fixture(params=[list_sync, list_async])
def run(request: pytest.FixtureRequest) -> Callable[..., Outcome]:
    """List from the first item to the end or the first error."""
    return request.param  # type: ignore[no-any-return]


Run = Callable[..., Outcome]


def test_pages_are_asked_for_on_the_callers_own_address(run: Run) -> None:
    elsewhere = "http://internal.example/v1/customers?page=2"
    with serving(page(1, ["a"], more=True, next_page_url=elsewhere), page(2, ["b"], more=False)) as wire:
        outcome = run(wire.base_url)
        assert outcome == Outcome(["a", "b"], None, shifted=False)
        assert wire.targets == ["/v1/customers?page=1", "/v1/customers?page=2"]


def test_an_empty_next_page_url_is_the_end(run: Run) -> None:
    with serving(page(1, ["a"], more=True, next_page_url="")) as wire:
        assert run(wire.base_url).ids == ["a"]
        assert len(wire.heads) == 1


def test_a_current_page_that_was_not_asked_for_is_an_error_not_a_loop(run: Run) -> None:
    with serving(page(1, ["a"], more=True), page(1, ["a"], more=True)) as wire:
        outcome = run(wire.base_url)
    assert outcome.ids == ["a"]
    assert isinstance(outcome.error, PaginationError)
    assert outcome.error.page == 2
    assert "GET /v1/customers (page 2): the API returned page 1" in str(outcome.error)


def test_a_list_that_does_not_end_is_an_error_that_names_it(run: Run) -> None:
    with serving(*(page(number, ["a"], more=True) for number in range(1, 9))) as wire:
        outcome = run(wire.base_url)
    assert outcome.ids == ["a"]
    assert str(outcome.error).startswith(
        "GET /v1/customers (page 6): the list repeats itself and does not end."
    )


def test_an_empty_page_with_a_next_page_is_passed_over(run: Run) -> None:
    with serving(page(1, [], more=True), page(2, ["b"], more=False)) as wire:
        assert run(wire.base_url).ids == ["b"]


@pytest.mark.parametrize(("wanted", "requests"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 2)])
def test_max_items_is_exact_and_costs_no_request_more(run: Run, wanted: int, requests: int) -> None:
    with serving(page(1, ["a", "b"], more=True), page(2, ["c", "d"], more=False)) as wire:
        assert run(wire.base_url, max_items=wanted).ids == ["a", "b", "c", "d"][:wanted]
        assert len(wire.heads) == requests


def test_start_page_resumes(run: Run) -> None:
    with serving(page(3, ["c"], more=False)) as wire:
        assert run(wire.base_url, start_page=3).ids == ["c"]
        assert wire.targets == ["/v1/customers?page=3"]


def test_past_the_end_is_one_request_and_no_error(run: Run) -> None:
    with serving(page(9, [], more=False)) as wire:
        assert run(wire.base_url, start_page=9) == Outcome([], None, shifted=False)
        assert len(wire.heads) == 1


def test_an_error_says_which_page_and_resuming_there_loses_nothing(run: Run) -> None:
    broken = answer({"message": "Server Error"}, status=501)
    with serving(page(1, ["a"], more=True), broken, page(2, ["b"], more=False)) as wire:
        outcome = run(wire.base_url)
        assert outcome.ids == ["a"]
        assert isinstance(outcome.error, ServerError)
        assert outcome.error.page == 2
        assert run(wire.base_url, start_page=outcome.error.page).ids == ["b"]


def test_a_row_that_a_shift_repeats_is_delivered_once(run: Run) -> None:
    with serving(page(1, ["a", "b"], more=True), page(2, ["b", "c"], more=False)) as wire:
        assert run(wire.base_url) == Outcome(["a", "b", "c"], None, shifted=True)


def test_repeated_rows_do_not_count_for_max_items(run: Run) -> None:
    with serving(page(1, ["a", "b"], more=True), page(2, ["b", "c"], more=True)) as wire:
        assert run(wire.base_url, max_items=3).ids == ["a", "b", "c"]


MALFORMED = {
    "HTML": answer(b"<!doctype html>", content_type="text/html; charset=UTF-8"),
    "HTML that calls itself JSON": answer(b"<!doctype html>"),
    "cut short": page(2, ["b"], more=False)[:-20],
    "no body": answer(b""),
    "not UTF-8": answer(b'{"data": "\xff"}'),
    "null": answer(None),
    "a bare array": answer([]),
    "data missing": page(2, [], more=False, data=...),
    "data null": page(2, [], more=False, data=None),
    "data an object": page(2, [], more=False, data={"0": {"id": "b"}}),
    "data an empty object": page(2, [], more=False, data={}),
    "data an empty string": page(2, [], more=False, data=""),
    "data of strings": page(2, [], more=False, data=["b"]),
    "data of nulls": page(2, [], more=False, data=[None]),
    "data of arrays": page(2, [], more=False, data=[[]]),
    "a customer without id": page(2, [], more=False, data=[{"companyName": "b"}]),
    "an invalid date": page(2, [], more=False, data=[{"id": "b", "createdAt": "geheim"}]),
    "a number for a date": page(2, [], more=False, data=[{"id": "b", "createdAt": 4711}]),
    "current_page missing": page(2, ["b"], more=False, current_page=...),
    "next_page_url missing": page(2, ["b"], more=False, next_page_url=...),
    "next_page_url false": page(2, ["b"], more=False, next_page_url=False),
    "next_page_url a number": page(2, ["b"], more=False, next_page_url=3),
    "a success that is not documented": answer(b"", status=204),
    "an encoding that is none": answer(b"junk", headers="Content-Encoding: gzip\r\n"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_an_answer_against_the_contract_is_an_error_that_names_the_page(run: Run, name: str) -> None:
    with serving(page(1, ["a"], more=True), MALFORMED[name]) as wire:
        outcome = run(wire.base_url)
    assert outcome.ids == ["a"]
    assert isinstance(outcome.error, ContractError)
    assert outcome.error.page == 2
    assert (outcome.error.method, outcome.error.path) == ("GET", "/v1/customers")
    assert "geheim" not in "".join(traceback.format_exception(outcome.error))


CREATED = [{"id": f"cst_{number}", "createdAt": "2024-04-28T21:00:00+02:00"} for number in range(7)]


@pytest.mark.parametrize(
    ("changes", "place", "what"),
    [
        (
            {"data": [*CREATED, {"id": "b", "createdAt": None}]},
            "$.data[7].createdAt",
            "a date-time, got null",
        ),
        # The first place on which the generated code fails, not the first that does not conform.
        ({"per_page": "15", "data": [{"companyName": "geheim"}]}, "$.data[0].id", "a string, got nothing"),
        ({"data": ...}, "$.data", "an array, got nothing"),
        ({"data": {}}, "$.data", "an array, got an object"),
        ({"next_page_url": 3}, "$.next_page_url", "a string or null, got an integer"),
        ({"current_page": "2"}, "$.current_page", "an integer, got a string"),
        ({"current_page": {"name": "geheim"}}, "$.current_page", "an integer, got an object"),
    ],
)
def test_an_answer_against_the_contract_names_the_place(
    changes: dict[str, object], place: str, what: str
) -> None:
    with serving(page(1, [], more=False, **changes)) as wire:
        error = list_sync(wire.base_url).error
    assert isinstance(error, ContractError)
    assert error.place == place
    assert str(error).startswith(f"GET /v1/customers (page 1, {place}): expected {what}. The API has changed")


def test_an_operation_that_the_document_does_not_know_has_no_place() -> None:
    ids: dict[str, str] = {}

    def call(*, client: Client, page: int = 1) -> Any:
        return ids["data"] if client.get_httpx_client().get("/elsewhere").json() else page

    with (
        serving(page(1, [], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
        pytest.raises(ContractError, match=r"does not conform to the document \(KeyError\)") as caught,
    ):
        list(paginate(call, client=portal.client))
    assert caught.value.place is None


def test_a_plain_generated_client_gets_the_place_as_well() -> None:
    with serving(page(1, [], more=False, next_page_url=3)) as wire:
        client = Client(base_url=wire.base_url)
        with pytest.raises(ContractError, match=r"^\(page 1, \$\.next_page_url\): expected "):
            list(paginate(list_customers.sync, client=client))


def test_nothing_is_fetched_before_the_first_item_is_asked_for() -> None:
    with (
        serving(page(1, ["a"], more=True)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        iterator = iter(portal.list_customers())
        assert wire.heads == []
        assert next(iterator).id == "a"
        assert len(wire.heads) == 1


def test_each_iteration_starts_afresh_and_two_do_not_steal_from_each_other() -> None:
    answers = [page(1, ["a"], more=True), page(1, ["a"], more=True), page(2, ["b"], more=False)]
    with (
        serving(*answers, answers[-1]) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        listing = portal.list_customers()
        first, second = iter(listing), iter(listing)
        assert [next(first).id, next(second).id, next(first).id, next(second).id] == ["a", "a", "b", "b"]
        assert list(first) == list(second) == []


def test_pages_are_the_generated_envelopes_up_to_the_last_item_wanted() -> None:
    answers = [page(1, ["a", "b"], more=True), page(2, ["c", "d"], more=True)]
    with (
        serving(*answers) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        pages = list(portal.list_customers(max_items=3).pages())
        assert [[each.id for each in envelope.data] for envelope in pages] == [["a", "b"], ["c", "d"]]
        assert [envelope.to for envelope in pages] == [2, 2]


def test_pages_asynchronously() -> None:
    async def collect(base_url: str) -> list[int]:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url, concurrency=1) as portal:
            return [envelope.current_page async for envelope in portal.list_customers().pages()]

    with serving(page(1, ["a"], more=True), page(2, ["b"], more=False)) as wire:
        assert asyncio.run(collect(wire.base_url)) == [1, 2]


def test_with_options_keeps_what_is_not_given() -> None:
    with (
        serving(page(3, ["a", "b"], more=True)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        listing = paginate(list_customers.sync, client=portal.client).with_options(start_page=3)
        assert [customer.id for customer in listing.with_options(max_items=1)] == ["a"]
        options = "Options(start_page=3, max_items=None, certain=False)"
        assert repr(listing) == f"<Listing of list_customers.sync, {options}>"


@pytest.mark.parametrize("number", [0, -1, True, 1.5, "1"])
def test_a_start_page_that_makes_no_sense(number: Any) -> None:
    with (
        MijnKlantportaal(api_key=KEY) as portal,
        pytest.raises(ValueError, match="start_page must be an integer"),
    ):
        portal.list_customers(start_page=number)


@pytest.mark.parametrize("number", [-1, True, 1.5, "1"])
def test_a_max_items_that_makes_no_sense(number: Any) -> None:
    with (
        MijnKlantportaal(api_key=KEY) as portal,
        pytest.raises(ValueError, match="max_items must be an integer"),
    ):
        portal.list_customers(max_items=number)


def get_customer(*, client: Client) -> Customer | None:
    """A generated call of an operation that is not paginated."""
    raise AssertionError("never called")


def test_misuse_is_said_at_once() -> None:
    with MijnKlantportaal(api_key=KEY) as portal:
        with pytest.raises(TypeError, match=r"with_options\(start_page=3\)"):
            paginate(list_customers.sync, client=portal.client, page=3)
        with pytest.raises(TypeError, match=r"test_pagination\.get_customer has no parameter page"):
            paginate(get_customer, client=portal.client)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="takes the `sync` function"):
            paginate(list_customers.asyncio, client=portal.client)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="takes the `asyncio` function"):
            apaginate(list_customers.sync, client=portal.client)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="takes the `sync` function of a list operation, not module"):
            paginate(list_customers, client=portal.client)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"client= is a MijnKlantportaal; .* client=portal\.client"):
            paginate(list_customers.sync, client=portal)  # type: ignore[arg-type]


def test_the_detailed_call_is_no_page() -> None:
    with (
        serving(page(1, ["a"], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        listing: Any = paginate(list_customers.sync_detailed, client=portal.client)
        with pytest.raises(ContractError, match=r"a Response, which is not a page\. Pass the `sync`"):
            list(listing)


def test_a_plain_generated_client_works_too_and_its_own_errors_pass() -> None:
    with serving(page(1, ["a"], more=True), answer(b"{")) as wire, Client(base_url=wire.base_url) as client:
        iterator = iter(paginate(list_customers.sync, client=client))
        assert next(iterator).id == "a"
        with pytest.raises(ValueError, match="Expecting"):
            next(iterator)
