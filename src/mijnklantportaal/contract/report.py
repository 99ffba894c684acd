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
    rows = [
        (row.operation, row.outcome, str(row.responses or "-"), _client(row), row.remark)
        for row in report.rows
    ]
    lines = _columns([("operation", "result", "responses", "client", ""), *rows])
    for row in report.rows:
        if row.findings:
            lines += [
                "",
                row.operation,
                *(f"  {line}" for line in _columns([_HEADINGS, *map(_cells, row.findings)])),
            ]
    if report.findings:
        steps = {finding.severity: finding.next_step for finding in report.findings}
        lines += ["", *(f"{severity}: {step}" for severity, step in steps.items())]
    if report.behaviour:
        holds = {True: "yes", False: "NO", None: "unknown"}
        behaviour = [(each.what, holds[each.holds], each.seen, each.otherwise) for each in report.behaviour]
        lines += ["", *_columns([("behaviour", "holds", "observed", "if it does not hold"), *behaviour])]
    lines += ["", *(f"accepted, but no longer found: {each}" for each in report.unused), report.summary]
    return "\n".join(lines)


_HEADINGS = ("severity", "kind", "path", "expected", "got", "count", "page")


def _cells(finding: Finding) -> tuple[str, ...]:
    where = (finding.path, finding.expected, finding.got)
    return finding.severity, finding.kind, *where, str(finding.count), str(finding.page or "-")


def _client(row: Row) -> str:
    return ("reads" if row.readable else "fails") if row.responses else "-"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


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
    lines: list[str] = []
    for each in report.findings:
        place = f", first on page {each.page}" if each.page else ""
        message = f"{each.severity}, {each.kind}: expected {each.expected}, got {each.got}"
        message += f" (count {each.count}{place}); {each.next_step}"
        lines.append(_annotation(levels[each.severity], f"{each.operation} {each.path}", message))
    for behaviour in report.behaviour:
        if behaviour.holds is False:
            message = f"does not hold: {behaviour.seen}; {behaviour.otherwise}"
            lines.append(_annotation("error", behaviour.what, message))
    for row in report.rows:
        if row.remark:
            level = "warning" if row.error else "notice"
            lines.append(_annotation(level, row.operation, f"not checked: {row.remark}"))
    lines += [_annotation("notice", str(each), "accepted, but no longer found") for each in report.unused]
    return "\n".join([*lines, report.summary])


def _annotation(level: str, title: str, message: str) -> str:
    title = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={title}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_RENDERERS: dict[str, Callable[[Report], str]] = {"table": _table, "json": _json, "github": _github}
FORMATS = tuple(_RENDERERS)
