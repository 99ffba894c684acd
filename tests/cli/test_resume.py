"""The command that goes on."""

from __future__ import annotations

import os
import shlex

import pytest

from mijnklantportaal.cli.resume import command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quoted for POSIX shells")
WORDS = ["mijnklantportaal", "customers"]


def test_as_typed_when_it_starts_again() -> None:
    typed = ["--start-page", "3", "--created-since", "1 apr 2024"]
    assert command(WORDS, typed) == "mijnklantportaal customers --start-page 3 --created-since '1 apr 2024'"


@pytest.mark.parametrize(
    "typed", [["--start-page", "3"], ["--start-page=3"], ["--limit", "9", "--start-page=3"]]
)
def test_an_earlier_start_and_limit_are_replaced(typed: list[str]) -> None:
    assert command(WORDS, [*typed, "-q"], start=12) == "mijnklantportaal customers -q --start-page 12"
    assert command(WORDS, [*typed, "-q"], start=12, limit=5).endswith(
        " customers -q --start-page 12 --limit 5"
    )


def test_resuming_is_said_once() -> None:
    once = "mijnklantportaal customers -o a.csv --resume"
    assert command(WORDS, ["-o", "a.csv"], resume=True) == once
    assert command(WORDS, ["-o", "a.csv", "--resume"], resume=True) == once


def test_a_shell_reads_what_was_typed() -> None:
    typed = ["--integration", "a'b $c;`d`"]
    assert shlex.split(command(WORDS, typed)) == [*WORDS, *typed]
