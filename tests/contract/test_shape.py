"""A baseline: fields that were always present or never null."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mijnklantportaal.contract import read_baseline, write_baseline
from mijnklantportaal.contract.check import Check
from mijnklantportaal.contract.shape import Baseline

pytestmark = pytest.mark.document

SECRET = "geheim@example.nl"


def row(number: int, **changes: Any) -> dict[str, Any]:
    known = {
        "id": f"cst_{number}",
        "companyName": SECRET,
        "phone": "+31" if number else None,
        "city": "Delft",
        "extra": 1,
    }
    return {name: value for name, value in (known | changes).items() if value is not ...}


def checked(*rows: dict[str, Any], **envelope: Any) -> Check:
    check = Check()
    check.add_response(
        httpx.Response(200, json={"data": list(rows), "current_page": 1, "next_page_url": None} | envelope)
    )
    return check


def found(before: Check, now: Check) -> set[tuple[str, str, str, int]]:
    """What the baseline adds to what the document tells anyway."""
    told = set(now.findings({"GET /customers": before.shape.seen()})) - set(now.findings())
    return {(each.severity, each.path, each.kind, each.count) for each in told}


BEFORE = checked(row(0), row(1), row(2))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (checked(row(0), row(1)), set()),
        (checked(), set()),  # an empty list tells nothing
        (
            checked(*(row(n, companyName=..., name=SECRET) for n in range(3))),
            {("breach", "$.data[*].companyName", "gone", 3)},  # `name` is drift without a baseline
        ),
        (checked(row(0), row(1, city=...)), {("breach", "$.data[*].city", "gone", 1)}),
        (checked(row(0, integration="acumulus")), {("drift", "$.data[*].integration", "new field", 1)}),
        (checked(row(0, extra=...)), {("breach", "$.data[*].extra", "gone", 1)}),
        (checked(row(0, extra="1")), {("breach", "$.data[*].extra", "new type", 1)}),
        (checked(row(0, extra=1.5)), set()),
        (checked(row(0, extra=None)), {("breach", "$.data[*].extra", "now null", 1)}),
        (checked(row(0, phone=...)), {("breach", "$.data[*].phone", "gone", 1)}),
    ],
)
def test_changes_that_the_document_allows(now: Check, expected: set[tuple[str, str, str, int]]) -> None:
    assert found(BEFORE, now) == expected


def test_an_optional_field_can_be_missing_again() -> None:
    assert found(checked(row(0), row(1, city=...)), checked(row(0, city=...))) == set()


def test_a_baseline_is_read_as_written_and_has_no_values(tmp_path: Path) -> None:
    file = tmp_path / "shape.json"
    baseline: Baseline = {"GET /customers": BEFORE.shape.seen()}
    write_baseline(file, baseline)
    assert read_baseline(file) == baseline
    text = file.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "Delft" not in text
    assert json.loads(text)["GET /customers"]["$.data[*].phone"] == {
        "of": 3,
        "present": 3,
        "null": 1,
        "types": ["string"],
    }


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": {"b": {"of": 1, "off": 1}}}', '{"a": 1}'])
def test_an_invalid_baseline(tmp_path: Path, text: str) -> None:
    file = tmp_path / "shape.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"shape\.json is not a baseline"):
        read_baseline(file)
