import pytest

from tools.compare.changes import Change, bump, changelog, listed

ADDED = Change(False, "added", "Customer.vat")
CHANGED = Change(False, "changed", "Customer.id", "str, was str | None")
REMOVED = Change(True, "removed", "Customer.city")


@pytest.mark.parametrize(
    ("version", "changes", "suggested"),
    [
        ("0.1.0", [], "0.1.1"),
        ("0.1.0", [ADDED, CHANGED], "0.1.1"),
        ("0.1.4", [ADDED, REMOVED], "0.2.0"),
        ("1.2.3", [], "1.2.4"),
        ("1.2.3", [CHANGED], "1.2.4"),
        ("1.2.3", [ADDED, CHANGED], "1.3.0"),
        ("1.2.3", [REMOVED], "2.0.0"),
    ],
)
def test_bump(version: str, changes: list[Change], suggested: str) -> None:
    assert bump(version, changes) == suggested


def test_changelog() -> None:
    assert changelog([ADDED, CHANGED, REMOVED]) == (
        "### Added\n\n- `Customer.vat`.\n\n"
        "### Changed\n\n- `Customer.id`: str, was str | None.\n\n"
        "### Removed\n\n- **Breaking**: `Customer.city`."
    )
    assert changelog([]) == "### Changed\n\n- Regenerated; nothing changes for callers."


def test_what_breaks_comes_first() -> None:
    assert listed([ADDED, REMOVED]).splitlines() == [
        "  BREAKING Customer.city: removed",
        "  Customer.vat: added",
    ]
    assert listed([]) == "  nothing"
