"""Dates as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal.cli.filters import AMSTERDAM, period

NOW = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # in Amsterdam it is 2026 already


def day(year: int, month: int, number: int) -> tuple[datetime, datetime]:
    first = datetime(year, month, number, tzinfo=AMSTERDAM)
    return first, first + timedelta(days=1, microseconds=-1)


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-01",
        "20240401",
        "2024/04/01",
        "2024.04.01",
        " 2024-04-01 ",
        "1-4-2024",
        "01/04/2024",
        "1.4.2024",
        "01/04/24",
        "1 apr '24",
        "1 apr 2024",
        "1 april 2024",
        "1 Apr. 2024",
        "apr 1 2024",
        "ma 1 apr 2024",
        "ma 2024-04-01",
        "Monday 1 April 2024",
        "Monday, 1 April 2024",
    ],
)
def test_the_first_of_april(text: str) -> None:
    assert period(text, NOW) == day(2024, 4, 1)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("januari", 1),
        ("februari", 2),
        ("maart", 3),
        ("mrt", 3),
        ("mar", 3),
        ("april", 4),
        ("mei", 5),
        ("may", 5),
        ("juni", 6),
        ("juli", 7),
        ("augustus", 8),
        ("sept", 9),
        ("oktober", 10),
        ("okt", 10),
        ("oct", 10),
        ("november", 11),
        ("december", 12),
        ("DEC", 12),
    ],
)
def test_months_have_dutch_and_english_names(text: str, month: int) -> None:
    assert period(f"2 {text} 2024", NOW) == day(2024, month, 2)


@given(st.dates(min_value=datetime(1970, 1, 1).date(), max_value=datetime(9998, 1, 1).date()))
def test_iso_and_dutch_agree(date: datetime) -> None:
    expected = day(date.year, date.month, date.day)[0]
    assert period(date.isoformat(), NOW)[0] == period(f"{date:%d-%m-}{date.year:04}", NOW)[0] == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1 mei", "2026-05-01T00:00:00+02:00", "2026-05-01T23:59:59.999999+02:00"),
        ("okt", "2026-10-01T00:00:00+02:00", "2026-10-31T23:59:59.999999+01:00"),
        ("feb 2024", "2024-02-01T00:00:00+01:00", "2024-02-29T23:59:59.999999+01:00"),
        ("02/2024", "2024-02-01T00:00:00+01:00", "2024-02-29T23:59:59.999999+01:00"),
        ("2024-02", "2024-02-01T00:00:00+01:00", "2024-02-29T23:59:59.999999+01:00"),
        ("2024", "2024-01-01T00:00:00+01:00", "2024-12-31T23:59:59.999999+01:00"),
        ("1 apr 2024 10:00", "2024-04-01T10:00:00+02:00", "2024-04-01T10:00:59.999999+02:00"),
        ("2024-04-28T21:00:00+02:00", "2024-04-28T21:00:00+02:00", "2024-04-28T21:00:00+02:00"),
        ("2024-04-28T21:00:00Z", "2024-04-28T21:00:00+00:00", "2024-04-28T21:00:00+00:00"),
        ("28 apr 2024 21:00:00 utc", "2024-04-28T21:00:00+00:00", "2024-04-28T21:00:00+00:00"),
        # The clock goes back at 3:00, so that this hour comes twice: both are meant.
        ("27 okt 2024 02:30", "2024-10-27T02:30:00+02:00", "2024-10-27T02:30:59.999999+01:00"),
    ],
)
def test_a_month_or_year_means_all_of_it(text: str, first: str, last: str) -> None:
    assert [moment.isoformat() for moment in period(text, NOW)] == [first, last]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "yesterday",
        "zondag",
        "friday",
        "12",
        "31",
        "10:00",
        "mei 10:00",
        "31-02-2024",
        "29 feb 2023",
        "99999999999999",
        "2024-W14",
        "010424",
        "240401",
        "202404",
        "april '24",
        "apr 24",
        "1/13/2024",
        "24-4-1",
        "45",
        "-1",
        "1.4",
        "1 ma 2024",
        "2024-04-01..2024-05-01",
        "2024-04-01 2024-05-01",
        "1 apr 2014 10:00 EST",
        "2024-04-01 10:00+25:00",
        "1 apr 2014 10:00 CET",
        "2024-13-01",
        "1 apr 2024 XYZ",
        "1 foo 2024",
        "0",
        "9" * 400,
    ],
)
def test_invalid_dates(text: str) -> None:
    with pytest.raises(ValueError, match="it "):
        period(text, NOW)
