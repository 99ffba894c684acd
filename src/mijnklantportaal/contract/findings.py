"""What a check has found: one finding per place in the answers, however many customers show it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["breach", "drift"]

_NEXT_STEPS: dict[Severity, str] = {
    "breach": "code that relies on the document can fail on it: is there a newer release of this client?",
    "drift": "nothing fails; a newer release of this client may know it",
}


@dataclass(frozen=True)
class Finding:
    """One way in which answers and document differ, in types and paths only: never a value.

    Attributes:
        severity: `breach` (the document rules it out) or `drift` (the document does not mention it).
        operation: Such as `GET /customers`.
        path: Where in the answer, as JSONPath: `$.data[*].phone`; `$` is the whole answer.
        expected: What the document says.
        got: What the answer had instead.
        count: In how many places that was so.
        page: The first page on which it was so, if pages were listed.
    """

    severity: Severity
    operation: str
    path: str
    expected: str
    got: str
    count: int = 1
    page: int | None = None

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return _NEXT_STEPS[self.severity]


class Findings:
    """Collects findings: the same one again only counts."""

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._counts: dict[tuple[Severity, str, str, str], int] = {}
        self._pages: dict[tuple[Severity, str, str, str], int | None] = {}

    def add(
        self, severity: Severity, path: str, expected: str, got: str, *, page: int | None, count: int = 1
    ) -> None:
        """Note that something was found."""
        key = (severity, path, expected, got)
        self._counts[key] = self._counts.get(key, 0) + count
        self._pages.setdefault(key, page)

    def sorted(self) -> list[Finding]:
        """All of them: breaches first, then by path."""
        return [
            Finding(severity, self._operation, path, expected, got, count, self._pages[key])
            for key, count in sorted(self._counts.items())
            for severity, path, expected, got in [key]
        ]
