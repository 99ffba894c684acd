"""Formats the change report: a summary for the terminal, all of it for a pull request."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tools.compare.changes import Change, bump, changelog, new_operations
from tools.regenerate.notes import Note, listed

# The most lines of one kind on a terminal.
_MOST: Final = 15
_WIDTH: Final = 100


@dataclass(frozen=True)
class Report:
    """What changes from one document to another.

    Attributes:
        version: The client's current version.
        python: What changes for callers of the client.
        http: What changes on the wire; `None` if it could not be compared.
        why: Why the wire could not be compared.
        notes: The notes on the new document.
    """

    version: str
    python: tuple[Change, ...]
    http: tuple[Change, ...] | None
    why: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def breaking(self) -> list[Change]:
        """The breaking changes: operations first, then the rest of the client, then the wire."""
        python = sorted(self.python, key=lambda change: not change.group)
        return [change for change in (*python, *(self.http or ())) if change.breaking]

    @property
    def suggestion(self) -> str:
        """The suggestion for the next version."""
        suggested = bump(self.version, [*self.python, *(self.http or ())])
        return f"Suggested version: {suggested} (now {self.version})"


def for_terminal(report: Report, details: str) -> str:
    """Format the report in about 60 lines at most.

    Args:
        report: The report.
        details: The file with all of it.
    """
    lines = [_heading("Breaking changes", report.breaking), *_some(report.breaking)]
    groups = new_operations(report.python)
    if groups:
        lines.append(_count(groups))
        for group, names in groups.items():
            text = f"{group} ({len(names)}): {', '.join(names)}"
            lines += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    for title, changes in _harmless(report):
        lines += [_heading(title, changes), *(_some(changes) if len(changes) <= _MOST else [])]
    if report.http is None:
        lines.append(f"Changes on the wire: not compared: {report.why}")
    notes = list(listed(report.notes))
    lines += [_heading("Notes on the document", notes), *_some(notes)]
    return "\n".join([*lines, report.suggestion, f"Details and a draft for CHANGELOG.md: {details}"])


def in_markdown(report: Report) -> str:
    """Format all of the report: breaking changes, notes, new operations, and the rest folded."""
    notes = list(listed(report.notes))
    parts = [
        f"### {_heading('Breaking changes', report.breaking)}",
        _items(report.breaking),
        f"### {_heading('Notes on the document', notes)}",
        _items(notes),
    ]
    if groups := new_operations(report.python):
        parts += [
            f"### {_count(groups)}",
            _items(f"{group}: {', '.join(names)}" for group, names in groups.items()),
        ]
    parts += [_folded(_heading(title, changes), _items(changes)) for title, changes in _harmless(report)]
    if report.http is None:
        parts.append(f"Changes on the wire: not compared: {_code(report.why)}")
    # If the client breaks, that says more to callers than what breaks on the wire.
    wire = () if any(each.breaking for each in report.python) else report.http or ()
    draft = changelog([*report.python, *(each for each in wire if each.breaking)])
    parts += [_folded("Draft for CHANGELOG.md", f"~~~markdown\n{draft}\n~~~"), report.suggestion]
    return "\n\n".join(part for part in parts if part) + "\n"


def _harmless(report: Report) -> list[tuple[str, list[Change]]]:
    python = [
        each for each in report.python if not each.breaking and not (each.group and each.kind == "added")
    ]
    http = [each for each in report.http or () if not each.breaking]
    found = [("Other changes for callers", python), ("Other changes on the wire", http)]
    return [(title, changes) for title, changes in found if changes]


def _heading(title: str, items: Sequence[object]) -> str:
    return f"{title}: {len(items) or 'none'}"


def _count(groups: dict[str, list[str]]) -> str:
    operations = sum(len(names) for names in groups.values())
    return f"New: {_number(operations, 'operation')} in {_number(len(groups), 'group')}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _some(items: Sequence[object]) -> list[str]:
    shown = [f"  {item}" for item in items[:_MOST]]
    return [*shown, f"  and {len(items) - _MOST} more"] if len(items) > _MOST else shown


def _items(items: Iterable[object]) -> str:
    return "\n".join(f"- {_code(str(item))}" for item in items)


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _code(text: str) -> str:
    """Quote text from upstream in a code span, so that it is never Markdown, a link or a mention."""
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"
