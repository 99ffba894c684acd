"""What a check says: as a table for people, as JSON, as annotations of a GitHub Actions run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from mijnklantportaal.errors import MijnKlantportaalError, PermissionDeniedError, RequestError, StatusError

from .findings import Finding

if TYPE_CHECKING:
    from .accepted import Accepted
    from .behaviour import Behaviour
    from .shape import Baseline, Seen

Outcome = Literal["ok", "drift", "breach", "not checked"]
_WORST_FIRST: tuple[Outcome, ...] = ("breach", "not checked", "drift", "ok")


@dataclass(frozen=True)
class Row:
    """What became of one operation.

    Attributes:
        operation: Such as `GET /customers`.
        responses: How many responses were compared.
        findings: What was found; breaches first.
        readable: Whether the client reads all of them.
        error: The error that ended it, if one did.
        why_not: Why it was not asked for, if it was not.
    """

    operation: str
    responses: int = 0
    findings: tuple[Finding, ...] = ()
    readable: bool = True
    error: MijnKlantportaalError | None = None
    why_not: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst of what was found: a breach stays one, whatever happened afterwards."""
        severities = {finding.severity for finding in self.findings}
        if "breach" in severities:
            return "breach"
        if self.error or self.why_not:
            return "not checked"
        return "drift" if "drift" in severities else "ok"

    @property
    def remark(self) -> str:
        """Why it was not checked, or not to its end: without the path, which can hold a customer's id."""
        if self.error is None:
            return self.why_not
        error = self.error
        words = type(error).__name__.removesuffix("Error")
        if isinstance(error, StatusError) and error.response is not None:
            words = f"{error.status_code} {error.response.reason_phrase}".strip()
        next_step = error.next_step if isinstance(error, RequestError) else ""
        return f"{words}. {next_step}" if next_step else words


@dataclass(frozen=True)
class Report:
    """What became of checking a portal.

    Attributes:
        rows: What became of each operation.
        shapes: What the responses of each operation looked like: what a baseline records.
        unused: Accepted findings that no longer occur.
        behaviour: What the client relies on beyond the document, if it was asked.
    """

    rows: tuple[Row, ...]
    shapes: Baseline = field(default_factory=dict[str, "dict[str, Seen]"])
    unused: tuple[Accepted, ...] = ()
    behaviour: tuple[Behaviour, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, of all operations."""
        return tuple(finding for row in self.rows for finding in row.findings)

    @property
    def error(self) -> MijnKlantportaalError | None:
        """What ended the check, or that of one operation; not that the key lacks a scope, if it has any."""
        errors = [row.error for row in self.rows if row.error]
        checked = any(row.responses for row in self.rows)
        return next(
            (each for each in errors if not (checked and isinstance(each, PermissionDeniedError))), None
        )

    @property
    def outcome(self) -> Outcome:
        """The worst of what was found. An operation that was not asked for counts for nothing."""
        if any(behaviour.holds is False for behaviour in self.behaviour):
            return "breach"
        found = [row.outcome for row in self.rows if row.outcome != "not checked" or self.error]
        for outcome in _WORST_FIRST:
            if outcome in found:
                return outcome
        return "not checked"

    @property
    def summary(self) -> str:
        """How many operations there are of each outcome, in a line."""
        counts = Counter(row.outcome for row in self.rows)
        found = ", ".join(f"{counts[each]} {each}" for each in reversed(_WORST_FIRST) if counts[each])
        broken = sum(each.holds is False for each in self.behaviour)
        behaviour = f"; behaviour: {broken} of {len(self.behaviour)} does not hold" if self.behaviour else ""
        return f"{len(self.rows)} operation{'s' * (len(self.rows) != 1)}: {found}{behaviour}"


def render(report: Report, output: str = "table") -> str:
    """Write a report in one of `FORMATS`; none of them holds a customer's data.

    Raises:
        KeyError: There is no such format.
    """
    return _RENDERERS[output](report)


def _table(report: Report) -> str:
    rows = [
        (row.operation, row.outcome, str(row.responses or "-"), _client(row), row.remark)
        for row in report.rows
    ]
    lines = _columns([("operation", "result", "responses", "client", ""), *rows])
    for row in report.rows:
        if row.findings:
            found = _columns([_HEAD, *map(_cells, row.findings)])
            lines += ["", row.operation, *(f"  {line}" for line in found)]
    if report.findings:
        steps = {finding.severity: finding.next_step for finding in report.findings}
        lines += ["", *(f"{severity}: {step}" for severity, step in steps.items())]
    if report.behaviour:
        behaviour = [(each.what, _held(each), each.seen, each.otherwise) for each in report.behaviour]
        lines += ["", *_columns([("behaviour", "holds", "seen", "if it does not hold"), *behaviour])]
    lines += ["", *(f"accepted, but no longer found: {each}" for each in report.unused), report.summary]
    return "\n".join(lines)


_HEAD = ("", "kind", "path", "expected", "got", "times", "page")


def _cells(finding: Finding) -> tuple[str, ...]:
    page = "-" if finding.page is None else str(finding.page)
    where = (finding.path, finding.expected, finding.got)
    return finding.severity, finding.kind, *where, str(finding.count), page


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _client(row: Row) -> str:
    return ("reads" if row.readable else "fails") if row.responses else "-"


def _held(behaviour: Behaviour) -> str:
    return {True: "yes", False: "NO", None: "not seen"}[behaviour.holds]


def _json(report: Report) -> str:
    rows = [
        {
            "operation": row.operation,
            "outcome": row.outcome,
            "responses": row.responses,
            "readable": row.readable,
            "remark": row.remark,
            "findings": [asdict(finding) for finding in row.findings],
        }
        for row in report.rows
    ]
    contents = {
        "outcome": report.outcome,
        "operations": rows,
        "unused": [str(each) for each in report.unused],
        "behaviour": [asdict(each) for each in report.behaviour],
    }
    return json.dumps(contents, indent=2)


def _github(report: Report) -> str:
    lines = [
        _annotation(
            {"breach": "error", "drift": "warning", "accepted": "notice"}[finding.severity],
            f"{finding.operation} {finding.path}",
            f"{finding.severity}, {finding.kind}: expected {finding.expected}, got {finding.got} "
            f"({finding.count} times"
            + (f", first on page {finding.page}" if finding.page else "")
            + f"); {finding.next_step}",
        )
        for finding in report.findings
    ]
    lines += [
        _annotation("error", each.what, f"does not hold: {each.seen}; {each.otherwise}")
        for each in report.behaviour
        if each.holds is False
    ]
    lines += [
        _annotation("warning" if row.error else "notice", row.operation, f"not checked: {row.remark}")
        for row in report.rows
        if row.remark
    ]
    lines += [_annotation("notice", str(each), "accepted, but no longer found") for each in report.unused]
    return "\n".join([*lines, report.summary])


def _annotation(level: str, title: str, message: str) -> str:
    title = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={title}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_RENDERERS: dict[str, Callable[[Report], str]] = {"table": _table, "json": _json, "github": _github}
FORMATS = tuple(_RENDERERS)
