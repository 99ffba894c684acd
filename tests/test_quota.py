"""How the headers are read, in every form in which they occur."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal import quota

NOW = datetime(2026, 11, 22, 14, 23, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("59", 59.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("1.5", 1.5),
        ("Sun, 22 Nov 2026 14:24:00 GMT", 59.0),
        ("Sun, 22 Nov 2026 14:00:00 GMT", 0.0),
        ("Sun Nov 22 14:24:00 2026", 59.0),
        ("Sun, 22 Nov 2026 14:24:00 -0000", 59.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert quota.retry_after(httpx.Headers({"RETRY-AFTER": value}), NOW) == seconds


def test_absent_headers_say_nothing() -> None:
    assert quota.retry_after({}, NOW) is None
    assert quota.resets_at({}, NOW) is None


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({"x-ratelimit-reset": "1795357440", "retry-after": "5"}, "2026-11-22T14:24:00+00:00"),
        ({"retry-after": "59"}, "2026-11-22T14:24:00+00:00"),
        ({"x-ratelimit-reset": "junk", "retry-after": "59"}, "2026-11-22T14:24:00+00:00"),
        ({"x-ratelimit-reset": "9" * 40, "retry-after": "59"}, "2026-11-22T14:24:00+00:00"),
    ],
)
def test_resets_at(headers: dict[str, str], moment: str) -> None:
    found = quota.resets_at(headers, NOW)
    assert found is not None
    assert found.isoformat() == moment


@given(st.text() | st.integers().map(str) | st.floats().map(str))
def test_any_text_is_a_wait_or_none(value: str) -> None:
    headers = {"retry-after": value, "x-ratelimit-reset": value}
    found = quota.retry_after(headers, NOW)
    assert found is None or 0 <= found < float("inf")
    moment = quota.resets_at(headers, NOW)
    assert moment is None or moment.tzinfo is UTC


def test_a_late_error_without_headers_does_not_open_the_gate() -> None:
    budget = quota.Quota(8)
    *early, late = tickets = [quota.Ticket() for _ in range(7)]
    assert [budget.admit(ticket, 0) for ticket in tickets] == ["now"] * 7
    for ticket in early:
        budget.responded(ticket, 200, {"x-ratelimit-remaining": "0"}, 0, 0)
    budget.responded(late, 500, {}, 0, 0)
    probe = quota.Ticket()
    assert budget.admit(probe, 0) == "now"
    assert probe.probe
    assert budget.admit(quota.Ticket(), 0) == "later"
    budget.responded(probe, 200, {}, 0, 0)
    tickets = [quota.Ticket() for _ in range(9)]
    assert [budget.admit(ticket, 0) for ticket in tickets] == ["now"] * 8 + ["later"]
