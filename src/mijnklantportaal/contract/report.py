"""The report of a check: as a table, as JSON, or as annotations of a GitHub Actions run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from mijnklantportaal.errors import MijnKlantportaalError, PermissionDeniedError, RequestError, StatusError

from .findings import Finding

if TYPE_CHECKING:
    from .behaviour import Behaviour
    from .findings import Accepted
    from .shape import Baseline, Seen

Outcome: TypeAlias = Literal["ok", "drift", "not checked", "breach"]
_BEST_FIRST: tuple[Outcome, ...] = ("ok", "drift", "not checked", "breach")


@dataclass(frozen=True)
class Row:
    """The result of one operation.

    Attributes:
        operation: Such as `GET /customers`.
        responses: How many responses were compared.
        findings: What was found; breaches first.
        readable: Whether the client can read all responses.
        error: The error that stopped it, if any.
        why_not: Why it was not requested, if it was not.
    """

    operation: str
    responses: int = 0
    findings: tuple[Finding, ...] = ()
    readable: bool = True
    error: MijnKlantportaalError | None = None
    why_not: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst of its findings; `not checked` after an error, unless a breach was found."""
        severities = {finding.severity for finding in self.findings}
        if "breach" in severities:
            return "breach"
        if self.error or self.why_not:
            return "not checked"
        return "drift" if "drift" in severities else "ok"

    @property
    def remark(self) -> str:
        """Why it was not checked completely; without the path, which can contain a customer's id."""
        error = self.error
        if error is None:
            return self.why_not
        words = type(error).__name__.removesuffix("Error")
        if isinstance(error, StatusError) and error.response is not None:
            words = f"{error.status_code} {error.response.reason_phrase}".strip()
        next_step = error.next_step if isinstance(error, RequestError) else ""
        return f"{words}. {next_step}" if next_step else words


@dataclass(frozen=True)
class Report:
    """The result of checking a portal.

    Attributes:
        rows: The result of each operation.
        shapes: The shape of the responses of each operation, for a baseline.
        unused: Accepted findings that no longer occur.
        behaviour: What the client relies on beyond the document, if checked.
    """

    rows: tuple[Row, ...]
    shapes: Baseline = field(default_factory=dict[str, "dict[str, Seen]"])
    unused: tuple[Accepted, ...] = ()
    behaviour: tuple[Behaviour, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all operations."""
        return tuple(finding for row in self.rows for finding in row.findings)

    @property
    def error(self) -> MijnKlantportaalError | None:
        """The first error; a missing scope is one only if no operation could be checked."""
        checked = any(row.responses for row in self.rows)
        errors = [row.error for row in self.rows if row.error]
        return next((e for e in errors if not checked or not isinstance(e, PermissionDeniedError)), None)

    @property
    def outcome(self) -> Outcome:
        """The worst outcome; operations that were not checked count only after an error."""
        if any(behaviour.holds is False for behaviour in self.behaviour):
            return "breach"
        found = [row.outcome for row in self.rows if row.outcome != "not checked" or self.error]
        for outcome in reversed(_BEST_FIRST):
            if outcome in found:
                return outcome
        return "not checked"

    @property
    def summary(self) -> str:
        """The number of operations with each outcome, in one line."""
        counts = Counter(row.outcome for row in self.rows)
        found = ", ".join(f"{counts[each]} {each}" for each in _BEST_FIRST if counts[each]) or "none"
        failed = sum(each.holds is False for each in self.behaviour)
        behaviour = f"; behaviour: {failed} of {len(self.behaviour)} failed" if self.behaviour else ""
        return f"{len(self.rows)} operation{'s' * (len(self.rows) != 1)}: {found}{behaviour}"


def render(report: Report, output: str = "table") -> str:
    """Format a report; no format shows a customer's data.

    Args:
        report: The report.
        output: One of `FORMATS`.

    Raises:
        KeyError: There is no such format.
    """
    return _RENDERERS[output](report)


def _table(report: Report) -> str:
    lines = _columns([("operation", "result", "responses", "client", ""), *map(_cells, report.rows)])
    for row in report.rows:
        if row.findings:
            findings = [
                (each.severity, each.kind, each.path, each.expected, each.got, each.count, each.page or "-")
                for each in row.findings
            ]
            headings = ("severity", "kind", "path", "expected", "got", "count", "page")
            lines += ["", row.operation, *(f"  {line}" for line in _columns([headings, *findings]))]
    if report.findings:
        steps = {finding.severity: finding.next_step for finding in report.findings}
        lines += ["", *(f"{severity}: {step}" for severity, step in steps.items())]
    if report.behaviour:
        holds = {True: "yes", False: "NO", None: "unknown"}
        behaviour = [(each.what, holds[each.holds], each.seen, each.otherwise) for each in report.behaviour]
        lines += ["", *_columns([("behaviour", "holds", "observed", "if it does not hold"), *behaviour])]
    lines += ["", *(f"accepted, but no longer found: {each}" for each in report.unused), report.summary]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[object, ...]:
    client = ("reads" if row.readable else "fails") if row.responses else "-"
    return row.operation, row.outcome, row.responses or "-", client, row.remark


def _columns(rows: Sequence[tuple[object, ...]]) -> list[str]:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in texts]


def _json(report: Report) -> str:
    names = ("operation", "outcome", "responses", "readable", "remark")
    contents = {
        "outcome": report.outcome,
        "operations": [
            {name: getattr(row, name) for name in names}
            | {"findings": [asdict(each) for each in row.findings]}
            for row in report.rows
        ],
        "unused": [str(each) for each in report.unused],
        "behaviour": [asdict(each) for each in report.behaviour],
    }
    return json.dumps(contents, indent=2)


def _github(report: Report) -> str:
    levels = {"breach": "error", "drift": "warning", "accepted": "notice"}
    notes: list[tuple[str, str, str]] = []
    for found in report.findings:
        place = f", first on page {found.page}" if found.page else ""
        message = f"{found.severity}, {found.kind}: expected {found.expected}, got {found.got}"
        message += f" (count {found.count}{place}); {found.next_step}"
        notes.append((levels[found.severity], f"{found.operation} {found.path}", message))
    for behaviour in report.behaviour:
        if behaviour.holds is False:
            message = f"does not hold: {behaviour.seen}; {behaviour.otherwise}"
            notes.append(("error", behaviour.what, message))
    for row in report.rows:
        if row.remark:
            notes.append(("warning" if row.error else "notice", row.operation, f"not checked: {row.remark}"))
    notes += [("notice", str(each), "accepted, but no longer found") for each in report.unused]
    lines = [
        f"::{level} title={_escaped(title, ':,')}::{_escaped(message)}" for level, title, message in notes
    ]
    return "\n".join([*lines, report.summary])


def _escaped(text: str, more: str = "") -> str:
    for each in f"%\r\n{more}":
        text = text.replace(each, f"%{ord(each):02X}")
    return text


_RENDERERS: dict[str, Callable[[Report], str]] = {"table": _table, "json": _json, "github": _github}
FORMATS = tuple(_RENDERERS)
