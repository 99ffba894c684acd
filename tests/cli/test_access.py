"""Where the key comes from, and that it is shown nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mijnklantportaal.cli.config import masked
from tests.cli.helpers import Ran, run
from tests.support import KEY, page, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Invoke = Callable[..., Ran]


@pytest.mark.parametrize("content", [KEY, f"{KEY}\n", f"\ufeff{KEY}\r\n", f"  {KEY}  "])
def test_a_key_file(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    file = tmp_path / "sleutel é.txt"
    file.write_text(content, encoding="utf-8", newline="")
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "another")
    with serving(page(1, ["a"], more=False)) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        assert invoke("customers", "--api-key-file", str(file)).status == 0
        assert f"Authorization: Bearer {KEY}\r\n" in wire.heads[0]


def test_a_key_on_standard_input() -> None:
    with serving(page(1, ["a"], more=False)) as wire:
        done = run(
            "customers", "--api-key-file", "-", stdin=f"{KEY}\n", MIJNKLANTPORTAAL_BASE_URL=wire.base_url
        )
        assert done == (0, '{"id": "a"}\n', "")
        assert f"Authorization: Bearer {KEY}\r\n" in wire.heads[0]


@pytest.mark.parametrize("value", [None, ""])
def test_no_key_at_all(value: str | None, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    if value is not None:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", value)
    done = invoke("customers")
    assert (done.status, done.out) == (3, "")
    assert done.err == (
        "Error: there is no API key. Set MIJNKLANTPORTAAL_API_KEY, name a file with --api-key-file, "
        "or try --sandbox.\n"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "contains no API key"), (b" \n", "contains no API key"), ("é".encode("utf-16"), "is not UTF-8")],
)
def test_a_file_without_a_key(content: bytes, words: str, tmp_path: Path, invoke: Invoke) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    done = invoke("customers", "--api-key-file", str(file))
    assert done.status == 2
    assert words in done.err


def test_a_missing_key_file(tmp_path: Path, invoke: Invoke) -> None:
    done = invoke("customers", "--api-key-file", str(tmp_path / "none"))
    assert (done.status, len(done.err.splitlines())) == (2, 1)
    assert f"{tmp_path / 'none'}': No such file or directory" in done.err


def test_an_invalid_key_is_not_shown(monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "se cret")
    done = invoke("customers", "--debug")
    assert done.status == 2
    assert "se cret" not in done.err


def test_masked() -> None:
    assert masked("0123456789abcdef") == "****cdef"
    assert masked("0123456789abcde") == "****"
