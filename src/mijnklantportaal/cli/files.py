"""Files that are written completely or not at all, what an unfinished one has so far, and standard output."""

import errno
import json
import os
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeAlias, cast

import click

from mijnklantportaal.pagination.options import Anchor, Options

Item: TypeAlias = Mapping[str, Any]
Position: TypeAlias = int | str | None
"""Where a listing resumes; `None` at its end."""


@dataclass
class Part:
    """The items of a listing so far. Those of a file are kept beside it, and written to it at the end.

    The first line of the part of a file says what is listed. Each of the others is a position where the
    listing can resume, and the items between the one before and this one.

    Attributes:
        position: Where the listing starts or can resume.
        file: The part of a file, if the items are for one.
        count: The number of items before the position.
        latest: The items after it.
        known: The ids of items that an earlier run has left.
    """

    position: Position
    file: BinaryIO | None = None
    count: int = 0
    latest: list[Item] = field(default_factory=list[Item])
    known: set[object] = field(default_factory=set[object])

    @property
    def total(self) -> int:
        """The number of all items."""
        return self.count + len(self.latest)

    def complete(self, position: Position) -> None:
        """Notes that all items before a position are there."""
        items, self.latest = self.latest, []
        self.position, self.count = position, self.count + len(items)
        if self.file:
            _append(self.file, [position, items])

    def items(self) -> Iterator[Item]:
        """Yields the items in the file."""
        file = cast(BinaryIO, self.file)
        file.seek(0)
        for line in islice(file, 1, None):
            yield from json.loads(line)[1]

    def close(self, *, keep: bool = True) -> None:
        """Closes the file; removes it unless something in it is to be kept."""
        if self.file:
            with suppress(OSError):  # what cannot be written comes after the position
                self.file.close()
            if not (keep and self.count):
                Path(self.file.name).unlink(missing_ok=True)


def open_part(target: Path, contents: str, position: Position, *, resume: bool, force: bool) -> Part:
    """Creates the part of a file, readable by its owner only, or opens the one that an earlier run left."""
    check_target(target, force=force)
    path = target.with_name(f"{target.name}.part")
    if resume and not path.exists():
        raise click.ClickException(f"there is no {path} to continue; leave out --resume")
    if not resume and path.exists() and not force:
        raise click.ClickException(
            f"{path} exists. Unless another run is still writing it, continue it with --resume, or "
            "discard it with --force"
        )
    if not resume:
        path.unlink(missing_ok=True)
    text = path.read_bytes() if resume else b""
    text = text[: text.rfind(b"\n") + 1]  # without a line that was cut off
    part = Part(position)
    try:
        lines = map(json.loads, BytesIO(text))
        if next(lines, contents) != contents:
            raise click.ClickException(f"{path} belongs to a different list, filter or portal")
        for part.position, items in lines:
            if part.position is not None:
                Options(Anchor.parse(part.position) if isinstance(part.position, str) else part.position)
            part.count += len(items)
            part.known.update(item["id"] for item in items if item.get("id") is not None)
    except (AttributeError, TypeError, ValueError):
        hint = "Start again: leave out --resume, and discard it with --force"
        raise click.ClickException(f"{path} is damaged. {hint}") from None
    part.file = open(path, "r+b" if resume else "x+b", opener=partial(os.open, mode=0o600))  # noqa: SIM115
    part.file.seek(len(text))
    part.file.truncate()
    if not text:
        _append(part.file, contents)
    return part


def _append(file: BinaryIO, value: object) -> None:
    file.write(json.dumps(value).encode() + b"\n")
    file.flush()


def check_target(path: Path, *, force: bool) -> None:
    """Raises an error if the file cannot be written."""
    if path.exists() and not path.is_file():
        raise click.ClickException(f"{path} is not a file; leave out --output to write to standard output")
    if path.exists() and not force:
        raise click.ClickException(f"{path} already exists. Name another file, or overwrite it with --force")


@contextmanager
def written_whole(path: Path, *, force: bool) -> Generator[TextIO]:
    """Yields a file that gets its name when it is complete, readable by its owner only."""
    path = path.resolve()  # a link stays a link
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", suffix=".part", dir=path.parent) as folder:
        descriptor, name = tempfile.mkstemp(dir=folder)  # mode 0600
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        check_target(path, force=force)  # it may have been created meanwhile
        Path(name).replace(path)


@contextmanager
def standard_output() -> Generator[TextIO]:
    """Yields standard output: a terminal in its own encoding, anything else in UTF-8.

    Raises:
        BrokenPipeError: The reader has closed it.
    """
    stream = cast(TextIOWrapper, sys.stdout)
    if not stream.isatty():
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    try:
        yield stream
        stream.flush()
    except OSError as error:
        if error.errno == errno.EINVAL:  # on Windows
            raise BrokenPipeError(errno.EPIPE, "the reader has closed it") from error
        raise
