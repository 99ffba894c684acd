"""The complete part of an unfinished file: JSON Lines beside it, from which the file is written at the end.

The first line says what is listed. Of the others, an object is an item, and anything else is a position where
the listing can resume: all items before it are there. The next run continues at the last position.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


Position: TypeAlias = "int | str | None"
"""Where a listing resumes; `None` at its end."""


class Part:
    """The complete part of a file.

    Attributes:
        position: Where the listing resumes; `None` at its end.
        count: The number of items before that.
    """

    def __init__(self, target: Path, file: BinaryIO, contents: str, position: Position) -> None:
        self.target = target
        self.path = _part_of(target)
        self.position = position
        self.count = 0
        self._file = file
        self._ids: set[object] = set()
        self._latest: list[object] = []  # ids of the items after the position
        end = self._read(contents)
        file.seek(end)
        file.truncate()
        if not end:
            self._write(contents)

    def _read(self, contents: str) -> int:
        """Reads the file; returns where its complete part ends."""
        size = end = 0
        for line in self._file:
            if not line.endswith(b"\n"):  # cut off
                break
            size += len(line)
            value = json.loads(line)
            if isinstance(value, dict):
                self._latest.append(cast("dict[str, Any]", value).get("id"))
                continue
            if end:
                self._settle(cast("Position", value))
            elif value != contents:
                self._file.close()
                raise click.ClickException(f"{self.path} is of another list, filter or portal")
            end = size
        self._latest.clear()
        return end

    def has(self, item: Mapping[str, Any]) -> bool:
        """Whether an item is there already: lists shift, so it can come again after an interruption."""
        return item.get("id") in self._ids

    def add(self, item: Mapping[str, Any]) -> None:
        """Add an item."""
        self._latest.append(item.get("id"))
        self._write(item)

    def complete(self, position: Position) -> None:
        """Record that all items before a position are there."""
        self._settle(position)
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
        """Close the file; remove it if nothing is complete."""
        with suppress(OSError):  # what cannot be written comes after the position
            self._file.close()
        if not self.count:
            self.remove()

    def remove(self) -> None:
        """Remove the file."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _settle(self, position: Position) -> None:
        self.position = position
        self.count += len(self._latest)
        self._ids.update(each for each in self._latest if each is not None)
        self._latest.clear()

    def _write(self, value: object) -> None:
        self._file.write(json.dumps(value).encode() + b"\n")


def open_part(target: Path, contents: str, position: Position, *, resume: bool, force: bool) -> Part:
    """Create the part of a file, readable by its owner only, or open the one that an earlier run left."""
    path = _part_of(target)
    if force and not resume:
        path.unlink(missing_ok=True)
    flags = os.O_RDWR | getattr(os, "O_BINARY", 0) | (0 if resume else os.O_CREAT | os.O_EXCL)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        message = f"an interrupted run left {path}. Continue it with --resume, or discard it with --force"
        raise click.ClickException(message) from None
    except FileNotFoundError:
        raise click.ClickException(f"there is no {path} to continue; leave out --resume") from None
    return Part(target, open(descriptor, "r+b"), contents, position)


def _part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")
