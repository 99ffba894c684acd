"""What a check found: one finding per path and kind. A TOML file can list findings as accepted."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["breach", "drift", "accepted"]

NEXT_STEPS: dict[Severity, str] = {
    "breach": "the client fails, or returns something that its types do not allow; look for a newer release",
    "drift": "the client still returns what its types say; a newer release may support it",
    "accepted": "listed as accepted, so it does not count",
}
"""What to do about a finding, worst first."""


@dataclass(frozen=True)
class Finding:
    """One way in which responses differ from the document: types and paths only, never a value.

    Attributes:
        operation: Such as `GET /customers`.
        severity: `breach` (the client fails, or returns something that its types do not allow), `drift`
            (the client still returns what its types say) or `accepted` (does not count).
        kind: What differs, such as `new field`.
        path: Where in the response, as JSONPath: `$.data[*].phone`; `$` is the whole response.
        expected: What the document or the baseline says.
        got: What the response had instead.
        count: How often it was found.
        page: The first page on which it was found, if it is a list.
    """

    operation: str
    severity: Severity
    kind: str
    path: str
    expected: str
    got: str
    count: int = field(default=1, compare=False)
    page: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Accepted:
    """A known finding that does not count.

    Attributes:
        path: Its path, such as `$.current_page_url`.
        kind: Its kind, such as `new field`.
        reason: Why it is accepted.
        operation: Its operation, such as `GET /customers`; empty for any.
    """

    path: str
    kind: str
    reason: str
    operation: str = ""

    def __str__(self) -> str:
        return f"{self.operation} {self.path} ({self.kind})".lstrip()

    def matches(self, finding: Finding) -> bool:
        """Returns whether it applies to this finding."""
        same = (self.path, self.kind) == (finding.path, finding.kind)
        return same and self.operation in {"", finding.operation}


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """Reads a file of `[[accept]]` tables with `path`, `kind`, `reason` and optionally `operation`.

    Raises:
        ValueError: The file is not such a list.
    """
    try:
        return tuple(Accepted(**each) for each in tomllib.loads(path.read_text(encoding="utf-8"))["accept"])
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"{path} is not a list of accepted findings ([[accept]] with path, kind and reason): {error}"
        ) from error
