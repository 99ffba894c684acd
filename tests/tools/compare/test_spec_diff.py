"""What a changed document means for callers, and on the wire, with real changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.changed import (
    COMMENT,
    CURRENT,
    NULLABLE_FIXED,
    OPERATIONS,
    PAGE_DECLARED,
    PAGE_REQUIRED,
    REMOVED,
    RETYPED,
    SERVER,
)
from tests.generated import generated
from tools.compare import node, spec_diff
from tools.compare.http_diff import http_changes
from tools.compare.python_diff import python_changes
from tools.compare.spec_diff import main

Build = Callable[[bytes], Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Generates a package from a document, once."""
    return lambda document: generated(document, tmp_path_factory)[0]


# For each change: what callers see, what shows on the wire, and whether the latter breaks.
CASES = [
    pytest.param(
        REMOVED,
        CURRENT,
        ["Customer.country_code: str | Unset"],
        "added the optional property `data/items/countryCode`",
        id="field added",
    ),
    pytest.param(
        CURRENT,
        REMOVED,
        ["BREAKING Customer.country_code: removed"],
        "BREAKING removed the optional property `data/items/countryCode`",
        id="field removed",
    ),
    pytest.param(
        CURRENT,
        RETYPED,
        ["BREAKING Customer.integration_id: int | None | Unset, was str | None | Unset"],
        "BREAKING the `data/items/integrationId` response's property type/format changed",
        id="field retyped",
    ),
    pytest.param(
        CURRENT,
        OPERATIONS,
        [
            "Invoice: added",
            "InvoiceLinesItem: added",
            "InvoicePage: added",
            "PaymentLinkPayment: added",
            "PaymentLinkPaymentPage: added",
            "list_invoices: added",
            "list_payment_link_payment: added",
        ],
        "endpoint added",
        id="operations added, one with a path parameter",
    ),
    pytest.param(
        CURRENT, PAGE_DECLARED, [], "added the new optional `query` request parameter `page`", id="page"
    ),
    pytest.param(
        CURRENT,
        PAGE_REQUIRED,
        [
            "BREAKING list_customers(page=): Parameter is now required",
            "BREAKING list_customers(page=): int, was int | Unset",
        ],
        "BREAKING added the new required `query` request parameter `page`",
        id="page required",
    ),
    pytest.param(CURRENT, NULLABLE_FIXED, [], "", id="nullable fixed"),
    pytest.param(CURRENT, COMMENT, [], "", id="comment"),
    pytest.param(
        CURRENT,
        SERVER,
        [],
        "BREAKING https://api.mijnklantportaal.eu/v2, was https://api.mijnklantportaal.nl/v1",
        id="server",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "callers", "wire"), CASES)
def test_what_callers_see(old: bytes, new: bytes, callers: list[str], wire: str, built: Build) -> None:
    changes = python_changes(built(old), built(new))
    described = [f"{'BREAKING ' if change.breaking else ''}{change}" for change in changes]
    assert sorted(described) == callers


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "callers", "wire"), CASES)
def test_what_shows_on_the_wire(old: bytes, new: bytes, callers: list[str], wire: str) -> None:
    described = [f"{'BREAKING ' if each.breaking else ''}{each.detail}" for each in http_changes(old, new)]
    assert bool(described) == bool(wire)
    assert [line for line in described if not line.startswith(wire)] == []


def test_the_way_back_breaks(built: Build) -> None:
    changes = python_changes(built(OPERATIONS), built(CURRENT))
    assert changes
    assert all(change.breaking and change.kind == "removed" for change in changes)


def test_the_command_without_node(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(spec_diff, "build_from", lambda document, _: generated(document, tmp_path_factory))
    monkeypatch.setattr(node, "BIN", tmp_path)
    (tmp_path / "old.yaml").write_bytes(CURRENT)
    (tmp_path / "new.yaml").write_bytes(REMOVED)
    monkeypatch.setattr(spec_diff, "current_version", lambda root: "1.4.0")
    monkeypatch.setattr(spec_diff, "DETAILS", str(tmp_path / "build" / "changes.md"))
    assert main([str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == ["Breaking changes: 1", "  Customer.country_code: removed"]
    assert "Changes on the wire: not compared: oasdiff is not installed: it needs Node" in "\n".join(shown)
    assert shown[-2:] == [
        "Suggested version: 2.0.0 (now 1.4.0)",
        f"Details and a draft for CHANGELOG.md: {tmp_path}/build/changes.md",
    ]
    details = (tmp_path / "build" / "changes.md").read_text(encoding="utf-8")
    assert details.startswith("### Breaking changes: 1\n\n- `Customer.country_code: removed`\n")


@pytest.mark.parametrize("document", [b"openapi: 3.1.1\n", b"", CURRENT + b"paths: ["])
def test_no_report_is_one_line(document: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.yaml").write_bytes(CURRENT)
    (tmp_path / "new.yaml").write_bytes(document)
    assert main([str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("error: ")
