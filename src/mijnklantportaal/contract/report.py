"""What a check says: as a table for people, as JSON, as annotations of a GitHub Actions run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from .findings import Finding

if TYPE_CHECKING:
    from mijnklantportaal.errors import MijnKlantportaalError

Outcome = Literal["ok", "drift", "breach", "cannot check"]


@dataclass(frozen=True)
class Report:
    """What became of checking a portal.

    Attributes:
        operation: What was listed, such as `GET /customers`.
        findings: What was found; breaches first.
        pages: How many pages were checked.
        stopped: The error that ended the check early, if one did.
    """

    operation: str
    findings: tuple[Finding, ...] = ()
    pages: int = 0
    stopped: MijnKlantportaalError | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst of what was found: a breach stays one, whatever happened afterwards."""
        if any(finding.severity == "breach" for finding in self.findings):
            return "breach"
        if self.stopped:
            return "cannot check"
        return "drift" if self.findings else "ok"


def render(report: Report, output: str = "table") -> str:
    """Write a report in one of `FORMATS`.

    Raises:
        KeyError: There is no such format.
    """
    return _RENDERERS[output](report)


def _table(report: Report) -> str:
    lines = [f"{report.operation}: {report.outcome} ({_pages(report.pages)} checked)"]
    if report.findings:
        head = ("", "path", "expected", "got", "times", "page")
        rows = [head, *(_row(finding) for finding in report.findings)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        lines += [f"{kind}: {step}" for kind, step in _next_steps(report).items()]
    if report.stopped:
        lines.append(f"cannot check: {report.stopped}")
    return "\n".join(lines)


def _row(finding: Finding) -> tuple[str, ...]:
    page = "-" if finding.page is None else str(finding.page)
    return finding.severity, finding.path, finding.expected, finding.got, str(finding.count), page


def _next_steps(report: Report) -> dict[str, str]:
    return {finding.severity: finding.next_step for finding in report.findings}


def _json(report: Report) -> str:
    findings = [asdict(finding) for finding in report.findings]
    stopped = None if report.stopped is None else str(report.stopped)
    return json.dumps(
        {
            "outcome": report.outcome,
            "operation": report.operation,
            "findings": findings,
            "pages": report.pages,
            "stopped": stopped,
        },
        indent=2,
    )


def _github(report: Report) -> str:
    lines = [
        _annotation(
            "error" if finding.severity == "breach" else "warning",
            f"{finding.operation} {finding.path}",
            f"{finding.severity}: expected {finding.expected}, got {finding.got} ({finding.count} times"
            + (f", first on page {finding.page}" if finding.page else "")
            + f"); {finding.next_step}",
        )
        for finding in report.findings
    ]
    if report.stopped:
        lines.append(_annotation("warning", report.operation, f"cannot check: {report.stopped}"))
    lines.append(f"{report.operation}: {report.outcome} ({_pages(report.pages)} checked)")
    return "\n".join(lines)


def _annotation(level: str, title: str, message: str) -> str:
    title = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={title}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


_RENDERERS: dict[str, Callable[[Report], str]] = {"table": _table, "json": _json, "github": _github}
FORMATS = tuple(_RENDERERS)
