"""The shape of responses: how often each field was present or null, and its types; no values."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from mijnklantportaal.document import Object
from mijnklantportaal.document.mismatch import type_name
from mijnklantportaal.document.schemas import step

from .findings import Finding


@dataclass
class Seen:
    """How often a field was seen: in how many objects of those that could have it, and how often null."""

    of: int = 0
    present: int = 0
    null: int = 0
    types: list[str] = field(default_factory=list[str])


Baseline: TypeAlias = dict[str, dict[str, Seen]]
"""By operation and path."""


class Shape:
    """Collects the shape of all responses of one operation."""

    def __init__(self) -> None:
        self._objects: Counter[str] = Counter()
        self._types: dict[str, Counter[str]] = {}  # of each field

    def add(self, path: str, value: Object, documented: Iterable[str]) -> None:
        """Counts an object and its fields.

        Keys that can be data are left out: those of an object without documented fields, and unusual ones.
        """
        self._objects[path] += 1
        for name in {*documented, *value} if documented else ():
            if step(name).startswith("."):
                types = self._types.setdefault(path + step(name), Counter())
                if name in value:
                    # An amount can be 12.95 or 13: JSON has only one type for numbers.
                    types[type_name(value[name]).replace("integer", "number")] += 1

    def seen(self) -> dict[str, Seen]:
        """Returns what was seen, by path."""
        return {
            path: Seen(self._possible(path), types.total(), types["null"], sorted({*types} - {"null"}))
            for path, types in self._types.items()
        }

    def findings(self, operation: str, baseline: Baseline | None) -> Iterator[Finding]:
        """Findings over all responses: fields never sent, and changes since the baseline."""
        finding = partial(Finding, operation)
        now = self.seen()
        for path, seen in now.items():
            if not seen.present:
                yield finding("drift", "never sent", path, "a documented field", "missing", seen.of)
        if baseline is not None and operation not in baseline and now:
            recorded = "none; record a new baseline"
            yield finding("drift", "not in baseline", "$", "a recorded shape", recorded)
        for path, old in (baseline or {}).get(operation, {}).items():
            seen = now.get(path, Seen(of=self._possible(path)))
            if old.present == old.of and seen.present < seen.of:
                always = f"always present ({old.of} of {old.of})"
                yield finding("breach", "gone", path, always, "missing", seen.of - seen.present)
            if old.present and not old.null and seen.null:
                never = f"never null (0 of {old.present})"
                yield finding("breach", "now null", path, never, "null", seen.null)
            for kind in set(seen.types) - set(old.types) if old.types else ():
                yield finding("breach", "new type", path, " or ".join(old.types), kind)
            if old.of and not old.present and seen.present:
                never = f"never present (0 of {old.of})"
                yield finding("drift", "new field", path, never, "present", seen.present)

    def _possible(self, path: str) -> int:
        """Returns how many objects could have had the field."""
        return self._objects[path.rpartition(".")[0]]


def read_baseline(path: Path) -> Baseline:
    """Reads a file that `write_baseline` wrote.

    Raises:
        ValueError: The file is not a baseline.
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
    """Writes a baseline to commit: the same shapes give the same bytes."""
    text = json.dumps(baseline, default=asdict, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
