"""Findings that are known: listed in a TOML file, each with a reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from .findings import Finding


@dataclass(frozen=True)
class Accepted:
    """A finding that is known.

    Attributes:
        path: Its path, such as `$.current_page_url`.
        kind: Its kind, such as `new field`.
        reason: Why it is accepted, for whoever reads the file.
        operation: Its operation, such as `GET /customers`; any, if empty.
    """

    path: str
    kind: str
    reason: str
    operation: str = ""

    def __str__(self) -> str:
        return f"{self.operation} {self.path} ({self.kind})".lstrip()

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is this one."""
        same = (self.path, self.kind) == (finding.path, finding.kind)
        return same and self.operation in {"", finding.operation}


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """Read a file of `[[accept]]` tables with `path`, `kind`, `reason` and, if it is for one, `operation`.

    Raises:
        ValueError: The file is no such list.
    """
    try:
        return tuple(Accepted(**each) for each in tomllib.loads(path.read_text(encoding="utf-8"))["accept"])
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path} is not a list of accepted findings: {error}") from error


def accept(findings: Iterable[Finding], accepted: Sequence[Accepted]) -> tuple[Finding, ...]:
    """The findings, those that are known marked as accepted, and last."""
    marked = [
        replace(each, severity="accepted") if any(entry.fits(each) for entry in accepted) else each
        for each in findings
    ]
    return tuple(sorted(marked, key=lambda finding: finding.severity == "accepted"))
