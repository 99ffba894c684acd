"""Counts, and the line that shows them."""

from __future__ import annotations

import pytest

from mijnklantportaal import Wait
from mijnklantportaal.cli.progress import Progress, many, print_wait


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_counts_pages_items_and_those_that_match() -> None:
    progress = Progress("customer")
    for page, matching in [(3, True), (3, False), (3, True), (5, False), (5, True)]:
        progress.count(page, matching=matching)
    assert (progress.page, progress.pages, progress.items, progress.matching) == (5, 2, 5, 3)
    assert progress.summary(7).startswith("7 customers, 2 pages, ")


def test_the_line() -> None:
    clock = Clock()
    progress = Progress("customer", live=True, clock=clock)
    assert progress.line() == "0 customers, 0 s"
    for _ in range(30):
        progress.count(1, matching=True)
    clock.now += 2
    assert progress.line() == "page 1: 30 customers, 2 s, 15 a second"
    progress.count(2, matching=False)
    assert progress.line() == "page 2: 31 customers, 2 s, 30 matching, 16 a second"


def test_a_wait_is_counted_down_and_then_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = Progress("customer", live=True, clock=clock)
    progress.wait(Wait("the rate limit is reached", 37, "rate_limit", 1))
    assert progress.line().endswith(" - waiting 37 s: the rate limit is reached")
    clock.now += 36
    assert progress.line().endswith(" - waiting 1 s: the rate limit is reached")
    clock.now += 1
    assert "waiting" not in progress.line()
    assert capsys.readouterr() == ("", "")


def test_print_wait(capsys: pytest.CaptureFixture[str]) -> None:
    print_wait(Wait("why", 37, "retry", 1))
    assert capsys.readouterr() == ("", "Waiting 37 s: why.\n")


def test_rows_pass_through_and_are_closed() -> None:
    rows = (number for number in range(3))
    shown = Progress("customer").shown(rows)
    assert next(shown) == 0
    shown.close()
    assert list(rows) == []


def test_many() -> None:
    assert [many(number, "page") for number in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
