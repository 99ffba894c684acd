"""What is made of pip-audit's words: nothing found is not the same as nothing looked up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.release.audit import verdict

GOOD: dict[str, Any] = {"name": "a", "version": "1.0", "vulns": []}
BAD: dict[str, Any] = {
    "name": "b",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
SKIPPED: dict[str, Any] = {"name": "c", "skip_reason": "not found: c (1.0)"}
FOUND = ["b 2.0: PYSEC-1, fixed in 2.1, 3.0", "b 2.0: PYSEC-2, fixed in no version yet"]


@pytest.mark.parametrize(
    ("packages", "lenient", "strict", "lines"),
    [
        ([GOOD], 0, 0, ["no known vulnerabilities in 1 packages"]),
        ([GOOD, BAD], 1, 1, FOUND),
        (
            [GOOD, SKIPPED],
            0,
            1,
            ["no known vulnerabilities in 1 packages", "not checked: 1 of 2 packages: not found: c (1.0)"],
        ),
        ([SKIPPED], 0, 1, ["not checked: 1 of 1 packages: not found: c (1.0)"]),
        ([BAD, SKIPPED], 1, 1, [*FOUND, "not checked: 1 of 2 packages: not found: c (1.0)"]),
    ],
)
def test_verdict(packages: list[dict[str, Any]], lenient: int, strict: int, lines: list[str]) -> None:
    out = json.dumps({"dependencies": packages})
    assert verdict(out, "", strict=False) == (lenient, lines)
    assert verdict(out, "", strict=True) == (strict, lines)


@pytest.mark.parametrize("out", ["", "Traceback", "{}", "[]"])
def test_no_answer_is_not_checked(out: str) -> None:
    assert verdict(out, "WARNING: x\nno connection\n", strict=False) == (0, ["not checked: no connection"])
    assert verdict(out, "", strict=True) == (1, ["not checked: no output from pip-audit"])


def test_nothing_to_audit_is_not_checked_either() -> None:
    assert verdict('{"dependencies": []}', "", strict=True)[0] == 1
