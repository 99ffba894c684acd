"""The shape of responses: how often each place was there, null, and of which types; no values."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from mijnklantportaal.document.mismatch import step, type_name

from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mijnklantportaal.document import Json, Object

Baseline: TypeAlias = "dict[str, dict[str, Seen]]"
"""By operation and path."""


@dataclass
class Seen:
    """How often one place was seen.

    Attributes:
        of: In how many objects it could have been.
        present: In how many it was.
        null: In how many it was null.
        types: The types that it had, null aside.
    """

    of: int = 0
    present: int = 0
    null: int = 0
    types: list[str] = field(default_factory=list[str])

    def add(self, value: Json) -> None:
        """Note a value."""
        # An amount is 12.95 or 13: the document tells integers from numbers, JSON does not.
        kind = type_name(value).replace("integer", "number")
        self.present += 1
        self.null += kind == "null"
        if kind != "null" and kind not in self.types:
            self.types = sorted([*self.types, kind])


class Shape:
    """Collects the shape of all responses of one operation."""

    def __init__(self) -> None:
        self._objects: dict[str, int] = {}
        self._fields: dict[tuple[str, str], Seen] = {}
        self._required: set[tuple[str, str]] = set()

    def add(self, path: str, value: Object, documented: Iterable[str], required: Iterable[str]) -> None:
        """Note an object; the keys of one without documented fields can be data, and are left out."""
        self._objects[path] = self._objects.get(path, 0) + 1
        self._required |= {(path, name) for name in required}
        for name in documented:
            self._fields.setdefault((path, name), Seen())
        for name, each in value.items() if documented else ():
            self._fields.setdefault((path, name), Seen()).add(each)

    def seen(self) -> dict[str, Seen]:
        """What was seen, by path."""
        for (path, _), seen in self._fields.items():
            seen.of = self._objects[path]
        return {path + step(name): seen for (path, name), seen in self._fields.items()}

    def findings(self, operation: str, before: dict[str, Seen] | None) -> Iterator[Finding]:
        """What can only be said of all responses together: what never came, what differs from before."""
        for (parent, name), seen in self._fields.items():
            if not seen.present and (parent, name) not in self._required:
                path, count = parent + step(name), self._objects[parent]
                yield Finding(
                    "drift", path, "never sent", operation, "the field now and then", "never", count
                )
        now = self.seen()
        for path, old in (before or {}).items():
            seen = now.get(path, Seen(of=self._objects.get(path.rpartition(".")[0], 0)))
            if old.present == old.of and seen.present < seen.of:
                lost = f"always there ({old.of} of {old.of})"
                yield Finding("breach", path, "gone", operation, lost, "nothing", seen.of - seen.present)
            if old.present and not old.null and seen.null:
                never = f"never null (0 of {old.present})"
                yield Finding("breach", path, "now null", operation, never, "null", seen.null)
            for kind in set(seen.types) - set(old.types) if old.types else ():
                yield Finding("breach", path, "new type", operation, " or ".join(old.types), kind)
            if old.of and not old.present and seen.present:
                never = f"never there (0 of {old.of})"
                yield Finding("drift", path, "new field", operation, never, "a field", seen.present)


def read_baseline(path: Path) -> Baseline:
    """Read what `write_baseline` has written.

    Raises:
        ValueError: The file is no baseline.
    """
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
        return {
            operation: {place: Seen(**seen) for place, seen in places.items()}
            for operation, places in contents.items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a baseline ({type(error).__name__})") from error


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline: the same bytes for the same shapes, fit to be committed."""
    text = json.dumps(baseline, default=asdict, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
