"""What a check has found: one finding per place in the responses, however many items show it."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["breach", "drift", "accepted"]

_NEXT_STEPS: dict[Severity, str] = {
    "breach": "the client fails on it, or returns other than it declares: is there a newer release?",
    "drift": "the client reads it as declared; a newer release may know it",
    "accepted": "listed as known",
}


@dataclass(frozen=True)
class Finding:
    """One way in which responses and document differ, in types and paths only: never a value.

    Attributes:
        severity: `breach` (the client fails on it, or returns something other than it declares), `drift`
            (the client reads it as declared) or `accepted` (known, so it does not count).
        path: Where in the response, as JSONPath: `$.data[*].phone`; `$` is the whole response.
        kind: What it is, such as `new field`; a list of accepted findings names path and kind.
        operation: Such as `GET /customers`.
        expected: What the document says, or the baseline.
        got: What the response had instead.
        count: In how many places that was so.
        page: The first page on which it was so, if pages were listed.
    """

    severity: Severity
    path: str
    kind: str
    operation: str
    expected: str
    got: str
    count: int = field(default=1, compare=False)
    page: int | None = field(default=None, compare=False)

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return _NEXT_STEPS[self.severity]
