"""Findings, and a file that lists accepted ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from mijnklantportaal.contract import Accepted, Finding, read_accepted

FILE = """
[[accept]]
path = "$.current_page_url"
kind = "new field"
reason = "newer versions of Laravel send it"

[[accept]]
operation = "GET /customers"
path = "$.data[*].phone"
kind = "now null"
reason = "asked for on 3 May"
"""


def read(folder: Path, text: str) -> tuple[Accepted, ...]:
    file = folder / "accept.toml"
    file.write_text(text, encoding="utf-8")
    return read_accepted(file)


def finding(path: str, kind: str, operation: str = "GET /customers") -> Finding:
    return Finding(operation, "drift", kind, path, "", "")


def test_an_entry_matches_path_kind_and_operation(tmp_path: Path) -> None:
    url, phone = read(tmp_path, FILE)
    assert url.matches(finding("$.current_page_url", "new field"))
    assert url.matches(finding("$.current_page_url", "new field", "GET /tickets"))
    assert not url.matches(finding("$.current_page_url", "never sent"))
    assert phone.matches(finding("$.data[*].phone", "now null"))
    assert not phone.matches(finding("$.data[*].phone", "now null", "GET /tickets"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[accept]",
        "accept = 1",
        "[[accept]]\npath = '$'\nkind = 'gone'",
        "[[accept]]\npath = '$'\nkind = 'gone'\nreason = 'a'\nuntil = 'b'",
    ],
)
def test_an_invalid_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"accept\.toml is not a list of accepted findings \("):
        read(tmp_path, text)
