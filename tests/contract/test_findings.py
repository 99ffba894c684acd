"""Findings, and a file that lists accepted ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from mijnklantportaal.contract import Accepted, Finding, read_accepted
from mijnklantportaal.contract.findings import accept

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
    return Finding("drift", path, kind, operation, "", "")


def test_accepted_findings_come_last_and_do_not_count(tmp_path: Path) -> None:
    found = [
        finding("$.current_page_url", "new field"),
        finding("$.current_page_url", "never sent"),
        finding("$.data[*].phone", "now null", "GET /tickets"),
        finding("$.data[*].phone", "now null"),
    ]
    assert [(each.severity, each.kind, each.operation) for each in accept(found, read(tmp_path, FILE))] == [
        ("drift", "never sent", "GET /customers"),
        ("drift", "now null", "GET /tickets"),
        ("accepted", "new field", "GET /customers"),
        ("accepted", "now null", "GET /customers"),
    ]


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
    with pytest.raises(ValueError, match=r"accept\.toml is not a list of accepted findings: "):
        read(tmp_path, text)
