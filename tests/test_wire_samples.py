"""The recorded responses, replayed over a socket, through the complete client."""

from __future__ import annotations

import json

import pytest
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import (
    AuthenticationError,
    MijnKlantportaal,
    NotFoundError,
    PaginationError,
    RateLimitError,
    ServerError,
    StatusError,
)
from tests.support import KEY, SAMPLES, sample, serving

GOOD = sorted(path.stem for path in SAMPLES.glob("*.http") if b" 200 " in path.read_bytes()[:20])
BAD: dict[str, tuple[type[StatusError], str]] = {
    "401-framework-body": (AuthenticationError, "Unauthenticated"),
    "401-no-token": (AuthenticationError, "Unauthenticated"),
    "401-wrong-token": (AuthenticationError, "Unauthenticated"),
    "404-unknown-path": (NotFoundError, "Error"),
    "429-throttled": (RateLimitError, "Too many requests"),
    "500-server-error": (ServerError, "Server Error"),
    "503-maintenance": (ServerError, "Service Unavailable"),
}


def test_every_sample_is_replayed() -> None:
    assert {path.stem for path in SAMPLES.glob("*.http")} == {*GOOD, *BAD}


@pytest.mark.parametrize("name", GOOD)
def test_good_answer_reads_back_to_what_was_sent(name: str) -> None:
    sent = json.loads(sample(name).partition(b"\r\n\r\n")[2])
    with (
        serving(sample(name)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        envelope = list_customers.sync(client=portal.client, page=sent["current_page"])
        assert envelope is not None
        assert envelope.to_dict() == sent


@pytest.mark.parametrize("name", BAD)
def test_bad_answer_becomes_its_error(name: str) -> None:
    error_class, message = BAD[name]
    with (
        serving(*[sample(name)] * 5) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, max_wait=0) as portal,
    ):
        with pytest.raises(error_class) as caught:
            list_customers.sync(client=portal.client)
        assert caught.value.server_message == message
        assert caught.value.status_code == int(name[:3])
        assert (caught.value.method, caught.value.path) == ("GET", "/v1/customers")


def test_rate_limit_error_says_when_to_come_back() -> None:
    with (
        serving(sample("429-throttled")) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, max_wait=0) as portal,
    ):
        with pytest.raises(RateLimitError) as caught:
            list(portal.list_customers())
        assert caught.value.retry_after == 59
        assert caught.value.resets_at is not None
        assert caught.value.resets_at.isoformat() == "2026-11-22T14:24:00+00:00"
        assert "Try again in 59 s" in str(caught.value)


def test_listing_of_the_recorded_portal() -> None:
    pages = [sample(name) for name in ("page-1-of-3", "page-2-of-3", "page-3-of-3-partial")]
    sent = [row["id"] for page in pages for row in json.loads(page.partition(b"\r\n\r\n")[2])["data"]]
    with (
        serving(*pages) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        assert [customer.id for customer in portal.list_customers()] == sent
        assert wire.targets == [f"/v1/customers?page={number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "start", "count"),
    [("empty-portal", 1, 0), ("page-beyond-the-end", 4, 0), ("last-page-exactly-full", 2, 15)],
)
def test_listing_ends_without_another_request(name: str, start: int, count: int) -> None:
    with (
        serving(sample(name)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        assert len(list(portal.list_customers(start_page=start))) == count
        assert len(wire.heads) == 1


def test_the_silent_page_1_is_noticed() -> None:
    with (
        serving(sample("page-0-answers-page-1")) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
        pytest.raises(PaginationError) as caught,
    ):
        list(portal.list_customers(start_page=2))
    assert caught.value.page == 2
