"""What a change of the document means: for callers, for the next version number, for the changelog."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["added", "changed", "removed"]
_HEADINGS: Final[dict[Kind, str]] = {"added": "Added", "changed": "Changed", "removed": "Removed"}


@dataclass(frozen=True, order=True)
class Change:
    """One difference between two documents, or between the clients generated from them.

    Attributes:
        breaking: Whether code that worked can fail on it.
        kind: What became of `what`.
        what: Such as `Customer.phone`, or `GET /customers`.
        detail: What exactly has changed; may be empty.
        group: Of a whole operation: the module that it is in, such as `customers_api`.
    """

    breaking: bool
    kind: Kind
    what: str
    detail: str = ""
    group: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.detail or self.kind}"


def bump(version: str, changes: Iterable[Change]) -> str:
    """Suggest the next version; below 1.0.0, what breaks raises the second number (semver.org, item 4)."""
    changes = list(changes)
    major, minor, patch = (int(part) for part in version.split("."))
    if any(change.breaking for change in changes):
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    if any(change.kind == "added" for change in changes) and major:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def new_operations(changes: Iterable[Change]) -> dict[str, list[str]]:
    """Give the operations that were added, by the module that they are in."""
    groups: dict[str, list[str]] = {}
    for change in sorted(changes, key=lambda change: (change.group, change.what)):
        if change.group and change.kind == "added":
            groups.setdefault(change.group, []).append(change.what)
    return groups


def changelog(changes: Sequence[Change]) -> str:
    """Draft the entry of CHANGELOG.md; a person puts it into words that callers understand."""
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
    return "\n\n".join(blocks) or "### Changed\n\n- Regenerated; nothing changes for callers."


def _entry(change: Change) -> str:
    detail = f": {' '.join(change.detail.split())}" if change.detail else ""
    return f"- {'**Breaking**: ' if change.breaking else ''}`{change.what}`{detail}."
