"""What is complete of a file that is not: JSON Lines beside it, from which the file is written in the end.

The first line says what is listed. Of the others, an object is an item, and anything else is where a listing
can resume: all items before it are there. However a run ends, the next can continue at the last such line.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

from .failures import USAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


Position: TypeAlias = "int | str | None"
"""Where a listing resumes; `None` if nothing is missing."""


class Part:
    """The part of a file that is complete so far.

    Attributes:
        position: Where the listing resumes; `None` if nothing is missing.
        count: How many items stand before that.

    Raises:
        Failure: The part is of something else.
    """

    def __init__(self, target: Path, file: BinaryIO, contents: str, position: Position) -> None:
        self.target = target
        self.path = part_of(target)
        self.position = position
        self.count = 0
        self._file = file
        self._ids: set[object] = set()
        self._latest: list[object] = []  # ids of the items behind the position
        end = self._read(contents)
        file.seek(end)
        file.truncate()
        if not end:
            self._write(contents)

    def _read(self, contents: str) -> int:
        """Read what is there, and return where the complete part of it ends."""
        size = end = 0
        for line in self._file:
            if not line.endswith(b"\n"):  # cut short
                break
            size += len(line)
            value = json.loads(line)
            if isinstance(value, dict):
                self._latest.append(cast("dict[str, Any]", value).get("id"))
                continue
            if end:
                self._take_note(cast("Position", value))
            elif value != contents:
                self._file.close()
                raise Failure(USAGE, f"Error: {self.path} is of another list, filter or portal.")
            end = size
        self._latest.clear()
        return end

    def has(self, item: Mapping[str, Any]) -> bool:
        """Whether an item is there: lists shift, so one can come again after an interruption."""
        return item.get("id") in self._ids

    def add(self, item: Mapping[str, Any]) -> None:
        """Add an item."""
        self._latest.append(item.get("id"))
        self._write(item)

    def complete(self, position: Position) -> None:
        """Take note that all items before a position are there; `None` is the end."""
        self._take_note(position)
        self._write(position)
        self._file.flush()

    def items(self) -> Iterator[dict[str, Any]]:
        """Yields the items."""
        self._file.seek(0)
        for line in self._file:
            value = json.loads(line)
            if isinstance(value, dict):
                yield cast("dict[str, Any]", value)

    def close(self) -> None:
        """Close it; if nothing is complete, remove it."""
        with suppress(OSError):  # what cannot be written is behind the position
            self._file.close()
        if not self.count:
            self.remove()

    def remove(self) -> None:
        """Remove it: the file is there."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _take_note(self, position: Position) -> None:
        self.position = position
        self.count += len(self._latest)
        self._ids.update(each for each in self._latest if each is not None)
        self._latest.clear()

    def _write(self, value: object) -> None:
        self._file.write(json.dumps(value).encode() + b"\n")


def part_of(target: Path) -> Path:
    """Where the part of a file is: `customers.csv.part`."""
    return target.with_name(f"{target.name}.part")


def open_part(target: Path, contents: str, position: Position, *, resume: bool, force: bool) -> Part:
    """Open the part of a file, for its owner only: a new one, or the one that an earlier run left.

    Raises:
        Failure: There is none to continue, it is of something else, or it would be lost.
    """
    path = part_of(target)
    if force and not resume:
        path.unlink(missing_ok=True)
    flags = os.O_RDWR | getattr(os, "O_BINARY", 0) | (0 if resume else os.O_CREAT | os.O_EXCL)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        words = f"an interrupted run left {path}. Continue it with --resume, or discard it with --force."
        raise Failure(USAGE, f"Error: {words}") from None
    except FileNotFoundError:
        raise Failure(USAGE, f"Error: there is no {path} to continue; leave out --resume.") from None
    return Part(target, open(descriptor, "r+b"), contents, position)
