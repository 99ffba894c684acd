"""What the client relies on beyond the document: against the sandbox, and servers that behave differently."""

from __future__ import annotations

import pytest

from mijnklantportaal.contract import Behaviour, check_behaviour
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Headers
from tests.support import KEY, answer, page, sample, serving

SECRET = "jan@klant.nl \x1b[31m"
LIMITS = "X-RateLimit-Limit: 60\r\nX-RateLimit-Remaining: {}\r\nDate: Tue, 24 Nov 2026 19:00:00 GMT\r\n"


def asked(*answers: bytes, exhaust: bool = False) -> dict[str, Behaviour]:
    with serving(*answers) as wire:
        rows = check_behaviour(api_key=KEY, base_url=wire.base_url, exhaust=exhaust)
    return {row.what: row for row in rows}


def with_headers(response: bytes, headers: str) -> bytes:
    return response.replace(b"\r\n", f"\r\n{headers}".encode(), 1)


GOOD = [
    with_headers(page(1, ["cst_1"], more=True), LIMITS.format(59)),
    with_headers(page(2, ["cst_2"], more=False), LIMITS.format(58)),
    with_headers(page(1, ["cst_1"], more=True), LIMITS.format(57)),
    page(1_000_000, [], more=False),
    sample("401-wrong-token"),
    sample("404-unknown-path"),
]


def test_the_sandbox_does_what_the_client_relies_on() -> None:
    with Sandbox() as sandbox:
        rows = check_behaviour(api_key=sandbox.api_key, base_url=sandbox.base_url, exhaust=True)
        requests = len(sandbox.requests)
    assert [row.what for row in rows if row.outcome != "ok"] == []
    assert 60 < requests < 70


def test_the_key_is_not_sent_to_a_proxy_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox, serving() as proxy:
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, proxy.base_url)
        rows = check_behaviour(api_key=sandbox.api_key, base_url=sandbox.base_url)
        assert {row.outcome for row in rows} == {"ok"}
        assert proxy.heads == []


def test_six_requests() -> None:
    with Sandbox() as sandbox:
        check_behaviour(api_key=sandbox.api_key, base_url=sandbox.base_url)
        assert len(sandbox.requests) == 6


def test_recorded_responses_pass() -> None:
    rows = asked(*GOOD)
    assert [row.what for row in rows.values() if row.outcome != "ok"] == []
    assert rows["rate limit headers count down"].seen == "59, then 58 of 60"


@pytest.mark.parametrize(
    ("number", "other", "what", "outcome", "seen"),
    [
        (
            0,
            page(1, ["a"], more=True),
            "rate limit headers count down",
            "breach",
            "no X-RateLimit-Remaining",
        ),
        (0, page(1, ["a"], more=True), "responses have a Date header", "breach", "no valid Date"),
        (
            0,
            with_headers(page(1, ["a"], more=True), f"Date: {SECRET}\r\n"),
            "responses have a Date header",
            "breach",
            "no valid Date",
        ),
        (
            0,
            page(1, ["a"], more=True).replace(b"application/json", SECRET.encode()),
            "responses are JSON",
            "breach",
            "an unusual content type",
        ),
        (
            1,
            with_headers(page(2, [], more=False), LIMITS.format(60)),
            "rate limit headers count down",
            "breach",
            "59, then 60 of 60",
        ),
        (1, page(1, ["a"], more=False), "current_page is the requested page", "breach", "page 1, 1"),
        (
            1,
            page(2, ["a"], more=False, current_page="2"),
            "current_page is the requested page",
            "breach",
            "page 1, no number",
        ),
        (1, answer([]), "current_page is the requested page", "breach", "status 200, or no object"),
        (2, page(0, ["a"], more=True), "page 0 is page 1 or an error", "breach", "page 0"),
        (2, answer({}, status=422), "page 0 is page 1 or an error", "ok", "status 422"),
        (
            3,
            page(9, ["a"], more=False),
            "a page past the end is empty",
            "breach",
            "not empty: data, from, to",
        ),
        (4, GOOD[0], "a wrong key gives 401", "breach", "status 200"),
        (
            4,
            answer(b"<p>", status=401, content_type="text/html"),
            "errors are JSON",
            "breach",
            "application/json, text/html",
        ),
        (4, b"", "a wrong key gives 401", "not checked", "no response"),
        (5, GOOD[0], "an unknown path gives 404", "breach", "status 200"),
    ],
)
def test_each_behaviour(number: int, other: bytes, what: str, outcome: str, seen: str) -> None:
    row = asked(*GOOD[:number], other, *GOOD[number + 1 :])[what]
    assert (row.outcome, row.seen) == (outcome, seen)
    assert row.otherwise


def test_a_new_window_between_two_requests_is_inconclusive() -> None:
    first = with_headers(page(1, ["a"], more=True), LIMITS.format(3))
    second = with_headers(page(2, ["a"], more=False), LIMITS.format(59))
    assert asked(first, second, *GOOD[2:])["rate limit headers count down"].outcome == "not checked"


@pytest.mark.parametrize("first", [sample("401-wrong-token"), sample("503-maintenance"), b""])
def test_nothing_is_checked_if_the_first_page_fails(first: bytes) -> None:
    rows = asked(first)
    assert [row.outcome for row in rows.values()] == ["not checked"]


THROTTLED = "Retry-After: 30\r\nX-RateLimit-Reset: {}\r\nDate: Tue, 24 Nov 2026 19:00:00 GMT\r\n"
AT_19_00 = 1_795_546_800


@pytest.mark.parametrize(
    ("last", "outcome", "seen"),
    [
        (
            answer({}, status=429, headers=THROTTLED.format(AT_19_00 + 31)),
            "ok",
            "Retry-After 30 s, reset in 31 s",
        ),
        (
            answer({}, status=429, headers=THROTTLED.format(AT_19_00)),
            "breach",
            "Retry-After 30 s, reset in 0 s",
        ),
        (answer({}, status=429), "breach", "no Retry-After"),
        (b"", "not checked", "no response"),
    ],
)
def test_retry_after_agrees_with_the_reset(last: bytes, outcome: str, seen: str) -> None:
    row = asked(*GOOD, GOOD[0], last, exhaust=True)["a 429 says when to retry"]
    assert (row.outcome, row.seen) == (outcome, seen)


def test_an_api_without_a_limit_is_not_requested_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mijnklantportaal.contract.behaviour._MOST_UNTIL_429", 9)
    with Sandbox(limit=None) as sandbox:
        rows = check_behaviour(api_key=sandbox.api_key, base_url=sandbox.base_url, exhaust=True)
        assert len(sandbox.requests) == 9
    assert (rows[-1].outcome, rows[-1].seen) == ("not checked", "no 429 in 9 requests")


def test_an_api_without_rate_limit_headers_is_not_requested_further() -> None:
    with Sandbox(faults=lambda _: Headers({"X-RateLimit-Remaining": None})) as sandbox:
        rows = check_behaviour(api_key=sandbox.api_key, base_url=sandbox.base_url, exhaust=True)
        assert len(sandbox.requests) == 6
    assert (rows[-1].outcome, rows[-1].seen) == ("not checked", "no 429 in 6 requests")
