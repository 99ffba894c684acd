"""The report of a check: as a table, as JSON, or as annotations of a GitHub Actions run."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Literal, TypeAlias

from mijnklantportaal.errors import RequestError

from .behaviour import Behaviour
from .findings import NEXT_STEPS, Accepted, Finding
from .shape import Baseline, Seen

Outcome: TypeAlias = Literal["ok", "drift", "not checked", "breach"]

_WORST_FIRST: tuple[Outcome, ...] = ("breach", "not checked", "drift", "ok")

_IN_TEXT = {ord(each): f"%{ord(each):02X}" for each in "%\r\n"}
_IN_TITLE = {ord(each): f"%{ord(each):02X}" for each in "%\r\n:,"}


def worst(found: Set[str]) -> Outcome:
    """Returns the worst outcome among outcomes or severities; `not checked` if there is none."""
    known: list[Outcome] = [outcome for outcome in _WORST_FIRST if outcome in found]
    return known[0] if known else "not checked"


@dataclass(frozen=True)
class Row:
    """The result of one operation.

    Attributes:
        operation: Such as `GET /customers`.
        outcome: The worst of its findings; `not checked` after an error, unless a breach was found.
        responses: How many responses were compared.
        remark: Why it was not checked, or not completely.
    """

    operation: str
    outcome: Outcome
    responses: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Report:
    """The result of checking a portal.

    Attributes:
        rows: The result of each operation.
        findings: What was found, by operation; the worst first.
        shapes: The shape of the responses of each operation, for a baseline.
        unused: Accepted findings that no longer occur.
        behaviour: What the client relies on, but the document does not describe; if checked.
        error: The first error; a missing scope is one only if no operation could be checked.
    """

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    shapes: Baseline = field(default_factory=dict[str, dict[str, Seen]])
    unused: tuple[Accepted, ...] = ()
    behaviour: tuple[Behaviour, ...] = ()
    error: RequestError | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst outcome; operations that were not checked count only after an error."""
        found = {row.outcome for row in self.rows} | {each.outcome for each in self.behaviour}
        return worst(found if self.error else found - {"not checked"})

    @property
    def summary(self) -> str:
        """The number of operations with each outcome, in one line."""
        behaviour = f"; {_counted('behaviour', self.behaviour)}" if self.behaviour else ""
        return _counted("operation", self.rows) + behaviour


def render(report: Report, output: str = "table") -> str:
    """Formats a report; no format shows a customer's data.

    Args:
        report: The report.
        output: `table`, `json`, or `github` for annotations of a GitHub Actions run.

    Raises:
        KeyError: There is no such format.
    """
    return {"table": _table, "json": _json, "github": _github}[output](report)


def _table(report: Report) -> str:
    lines = _columns("operation", "result", "responses", "", rows=map(astuple, report.rows))
    if report.findings:
        lines += ["", *_columns(*(each.name for each in fields(Finding)), rows=map(astuple, report.findings))]
        severities = {finding.severity for finding in report.findings}
        lines += ["", *(f"{each}: {step}" for each, step in NEXT_STEPS.items() if each in severities)]
    if report.behaviour:
        behaviour = map(astuple, report.behaviour)
        lines += ["", *_columns("behaviour", "result", "observed", "if it does not hold", rows=behaviour)]
    lines += ["", *(f"accepted, but no longer found: {each}" for each in report.unused), report.summary]
    return "\n".join(lines)


def _columns(*headings: str, rows: Iterable[tuple[object, ...]]) -> list[str]:
    texts = [headings, *(["-" if cell in {0, None} else str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in texts]


def _json(report: Report) -> str:
    contents = {
        "outcome": report.outcome,
        "operations": [asdict(row) for row in report.rows],
        "findings": [asdict(each) for each in report.findings],
        "unused": [str(each) for each in report.unused],
        "behaviour": [asdict(each) for each in report.behaviour],
    }
    return json.dumps(contents, indent=2)


def _github(report: Report) -> str:
    lines = [
        f"::{level} title={title.translate(_IN_TITLE)}::{message.translate(_IN_TEXT)}"
        for level, title, message in _notes(report)
    ]
    return "\n".join([*lines, report.summary])


def _notes(report: Report) -> Iterator[tuple[str, str, str]]:
    """Yields the annotations: level, title and message."""
    levels = {"breach": "error", "drift": "warning", "accepted": "notice"}
    for found in report.findings:
        place = f", first on page {found.page}" if found.page else ""
        message = f"{found.severity}, {found.kind}: expected {found.expected}, got {found.got}"
        message += f" (count {found.count}{place}); {NEXT_STEPS[found.severity]}"
        yield levels[found.severity], f"{found.operation} {found.path}", message
    for each in report.behaviour:
        if each.outcome == "breach":
            yield "error", each.what, f"does not hold: {each.seen}; {each.otherwise}"
    for row in report.rows:
        if row.remark:
            yield "notice", row.operation, f"not checked: {row.remark}"
    for entry in report.unused:
        yield "notice", str(entry), "accepted, but no longer found"


def _counted(noun: str, rows: Sequence[Row | Behaviour]) -> str:
    counts = Counter(row.outcome for row in rows)
    found = ", ".join(f"{counts[each]} {each}" for each in reversed(_WORST_FIRST) if counts[each]) or "none"
    return f"{len(rows)} {noun}{'s' * (len(rows) != 1)}: {found}"
