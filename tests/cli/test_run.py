"""The command line that resumes."""

from __future__ import annotations

import os
import shlex

import pytest

from mijnklantportaal.cli.run import command_line

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quoted for POSIX shells")


def test_the_command_line_as_typed() -> None:
    typed = ["customers", "--start-page", "3", "--created-since", "1 apr 2024"]
    expected = "mijnklantportaal customers --start-page 3 --created-since '1 apr 2024'"
    assert command_line(typed) == expected


@pytest.mark.parametrize(
    "typed", [["--start-page", "3"], ["--start-page=3"], ["--limit", "9", "--start-page=3"]]
)
def test_an_earlier_start_and_limit_are_replaced(typed: list[str]) -> None:
    found = command_line(["customers", *typed, "-q"], {"--start-page": "12", "--limit": "5"})
    assert found == "mijnklantportaal customers -q --start-page 12 --limit 5"


def test_arguments_are_quoted_for_the_shell() -> None:
    typed = ["customers", "--integration", "a'b $c;`d`"]
    assert shlex.split(command_line(typed)) == ["mijnklantportaal", *typed]
