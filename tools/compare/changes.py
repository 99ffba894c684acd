"""The changes between two documents, and what they mean for the next version and the changelog."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["added", "changed", "removed"]
_HEADINGS: Final[dict[Kind, str]] = {"added": "Added", "changed": "Changed", "removed": "Removed"}


@dataclass(frozen=True, order=True)
class Change:
    """One difference between two documents, or between the clients generated from them.

    Attributes:
        breaking: Whether it can break callers' code.
        kind: What happened to `what`.
        what: Such as `Customer.phone`, or `GET /customers`.
        detail: What has changed exactly; may be empty.
        group: For an operation: its module, such as `customers_api`.
    """

    breaking: bool
    kind: Kind
    what: str
    detail: str = ""
    group: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.detail or self.kind}"


def bump(version: str, changes: Iterable[Change]) -> str:
    """Suggest the next version; below 1.0.0, breaking changes raise the minor version (semver.org, 4)."""
    changes = list(changes)
    major, minor, patch = (int(part) for part in version.split("."))
    if any(change.breaking for change in changes):
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    if any(change.kind == "added" for change in changes) and major:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def new_operations(changes: Iterable[Change]) -> dict[str, list[str]]:
    """Return the added operations by module."""
    groups: dict[str, list[str]] = {}
    for change in sorted(changes, key=lambda change: (change.group, change.what)):
        if change.group and change.kind == "added":
            groups.setdefault(change.group, []).append(change.what)
    return groups


def changelog(changes: Sequence[Change]) -> str:
    """Draft the entry of CHANGELOG.md, for a person to edit."""
    groups = new_operations(changes)
    entries: dict[Kind, list[str]] = {kind: [] for kind in _HEADINGS}
    entries["added"] += [
        f"- `{group}`: {', '.join(f'`{each}`' for each in names)}." for group, names in groups.items()
    ]
    for change in changes:
        comes_along = change.kind == "added" and (change.group or (groups and "." not in change.what))
        if not comes_along:
            entries[change.kind].append(_entry(change))
    blocks = [f"### {_HEADINGS[kind]}\n\n" + "\n".join(lines) for kind, lines in entries.items() if lines]
    return "\n\n".join(blocks) or "### Changed\n\n- Regenerated; no changes for callers."


def _entry(change: Change) -> str:
    detail = f": {' '.join(change.detail.split())}" if change.detail else ""
    return f"- {'**Breaking**: ' if change.breaking else ''}`{change.what}`{detail}."
