import pytest

from tools.compare.changes import Change, bump, changelog, new_operations

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
    assert changelog([]) == "### Changed\n\n- Regenerated; no changes for callers."


def test_new_operations_are_grouped_and_imply_their_models() -> None:
    added = [
        Change(False, "added", "Ticket"),
        Change(False, "added", "close_ticket", group="tickets_api"),
        Change(False, "added", "list_invoices", group="invoices_api"),
        Change(False, "added", "list_tickets", group="tickets_api"),
        Change(True, "removed", "get_ticket", group="tickets_api"),
        ADDED,
    ]
    assert new_operations(added) == {
        "invoices_api": ["list_invoices"],
        "tickets_api": ["close_ticket", "list_tickets"],
    }
    assert changelog(added) == (
        "### Added\n\n- `invoices_api`: `list_invoices`.\n- `tickets_api`: `close_ticket`, `list_tickets`.\n"
        "- `Customer.vat`.\n\n### Removed\n\n- **Breaking**: `get_ticket`."
    )
    assert changelog(added[:1]) == "### Added\n\n- `Ticket`."
