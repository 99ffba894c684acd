"""`mijnklantportaal check` hands over to the contract check."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.helpers import Ran

    Invoke = Callable[..., Ran]


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What a stand-in of the contract check is called with; it finds something."""
    seen: list[object] = []

    def main(arguments: list[str]) -> int:
        key, url = os.environ.get("MIJNKLANTPORTAAL_API_KEY"), os.environ.get("MIJNKLANTPORTAAL_BASE_URL")
        seen.extend([arguments, key, url])
        return 1

    monkeypatch.setattr("mijnklantportaal.contract.__main__.main", main)
    for name in ("MIJNKLANTPORTAAL_API_KEY", "MIJNKLANTPORTAAL_BASE_URL"):
        monkeypatch.setenv(name, "")  # so that what the command sets is undone
    return seen


def test_arguments_and_status_pass(handed_over: list[object], invoke: Invoke) -> None:
    assert invoke("check", "--pages", "3", "-v", "file.json").status == 1
    assert handed_over[0] == ["--pages", "3", "-v", "file.json"]


def test_its_own_help_can_be_had(handed_over: list[object], invoke: Invoke) -> None:
    invoke("check", "--", "--help")
    assert handed_over[0] == ["--help"]


def test_the_sandbox_is_what_it_finds(handed_over: list[object], invoke: Invoke) -> None:
    invoke("check", "--sandbox")
    assert handed_over[:2] == [[], "sandbox-key"]
    assert str(handed_over[2]).startswith("http://127.0.0.1:")


def test_the_sandbox_keeps_to_the_document(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MIJNKLANTPORTAAL_API_KEY", "MIJNKLANTPORTAAL_BASE_URL"):
        monkeypatch.setenv(name, "")  # so that what the command sets is undone
    done = invoke("check", "--sandbox")
    assert (done.status, done.err.strip()) == (0, "")
    assert "GET /customers" in done.out


def test_ctrl_c_is_one_line(
    handed_over: list[object], invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mijnklantportaal.contract.__main__.main", interrupted)
    assert invoke("check") == (130, "", "Interrupted.\n")


def test_without_its_extra_it_is_one_line(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mijnklantportaal.contract.__main__", raising=False)
    monkeypatch.setitem(sys.modules, "mijnklantportaal.contract", None)
    done = invoke("check")
    assert (done.status, done.out) == (2, "")
    assert done.err == 'Error: the check needs its extra: pip install "mijnklantportaal[contract]"\n'
