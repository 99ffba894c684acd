"""Exit statuses and messages of errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import httpx
import pytest

import mijnklantportaal as m
from mijnklantportaal.cli.failures import _OWN_WORDS, STATUSES, explain, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.helpers import Ran

ANSWER = httpx.Response(500, request=httpx.Request("GET", "https://api.example/v1/customers"))
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "cli.md"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (click.UsageError("x"), 2),
        (click.FileError("x"), 2),
        (m.ConfigurationError("x"), 2),
        (PermissionError(13, "Permission denied", "file"), 2),
        (m.AuthenticationError("x"), 3),
        (m.PermissionDeniedError("x"), 3),
        (m.RateLimitError("x"), 4),
        (m.NotFoundError("x"), 5),
        (m.ServerError("x"), 5),
        (m.ConnectionFailedError("x"), 5),
        (m.RequestTimeoutError("x"), 5),
        (m.ContractError("x"), 5),
        (m.PaginationError("x"), 5),
        (m.ClosedError("x"), 5),
        (KeyError("x"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_error_has_a_status_and_is_one_line(error: BaseException, status: int) -> None:
    found, words = explain(error)
    assert found == status
    assert len(words.splitlines()) == 1


def test_messages() -> None:
    assert explain(PermissionError(13, "Permission denied", "a.csv"))[1] == "Error: Permission denied: a.csv."
    assert explain(m.ServerError("500 X", response=ANSWER))[1] == "Error: 500 X. Try again later."
    assert explain(click.UsageError("no such"))[1] == "Error: no such."


@pytest.mark.parametrize(
    ("arguments", "environ", "words"),
    [
        (["--timeout", "nan"], {}, "--timeout"),
        ([], {"MIJNKLANTPORTAAL_BASE_URL": "x"}, "MIJNKLANTPORTAAL_BASE_URL is not a URL"),
        (["--sandbox", "--timeout", "0.0001"], {}, "wait longer with --timeout"),
    ],
)
def test_errors_name_the_options_of_the_command(
    arguments: list[str],
    environ: dict[str, str],
    words: str,
    invoke: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"MIJNKLANTPORTAAL_API_KEY": "key", **environ}.items():
        monkeypatch.setenv(name, value)
    done = invoke("customers", *arguments)
    assert done.status in {2, 5}
    assert words in done.err


def test_every_replaced_phrase_is_still_used_by_the_client() -> None:
    sources = {*(ROOT / "src/mijnklantportaal").rglob("*.py")} - {
        *(ROOT / "src/mijnklantportaal/cli").iterdir()
    }
    code = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    for theirs in _OWN_WORDS:
        assert theirs in code, f"nothing says {theirs!r} any more"


def test_an_unexpected_error_shows_no_data() -> None:
    _, words = explain(KeyError("Jansen B.V."))
    assert "Jansen" not in words
    assert "KeyError" in words
    assert "--debug" in words


def test_control_characters_are_escaped() -> None:
    assert printable("a\x1b[2Jb\x9bé\nc") == "a\\u001b[2Jb\\u009bé\nc"


def test_help_and_docs_give_the_same_statuses() -> None:
    documented = re.findall(r"^\| (\d+) \| (.+?)(?:,.*)? \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    helped = re.findall(r"^  (\d+) +(.+?)(?:,.*)?$", STATUSES, re.MULTILINE)
    assert documented == helped
    assert [status for status, _ in helped] == ["0", "1", "2", "3", "4", "5", "130"]
