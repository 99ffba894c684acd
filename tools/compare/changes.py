"""What a change of the document means: for a version number, for a changelog, for a reader of a report."""

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
    """

    breaking: bool
    kind: Kind
    what: str
    detail: str = ""

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


def changelog(changes: Sequence[Change]) -> str:
    """Draft the entry of CHANGELOG.md; a person puts it into words that callers understand."""
    blocks = [
        f"### {heading}\n\n" + "\n".join(_entry(change) for change in changes if change.kind == kind)
        for kind, heading in _HEADINGS.items()
        if any(change.kind == kind for change in changes)
    ]
    return "\n\n".join(blocks) or "### Changed\n\n- Regenerated; nothing changes for callers."


def listed(changes: Iterable[Change]) -> str:
    """List changes, the breaking ones first, one a line."""
    lines = [
        f"  {'BREAKING ' if change.breaking else ''}{change}"
        for change in sorted(changes, key=lambda change: (not change.breaking, change))
    ]
    return "\n".join(lines) or "  nothing"


def _entry(change: Change) -> str:
    detail = f": {change.detail}" if change.detail else ""
    return f"- {'**Breaking**: ' if change.breaking else ''}`{change.what}`{detail}."
