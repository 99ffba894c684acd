"""Files that are written completely or not at all, what an unfinished one has so far, and standard output."""

import errno
import json
import os
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeAlias, cast

import click

Item: TypeAlias = Mapping[str, Any]
Position: TypeAlias = int | str | None
"""Where a listing resumes; `None` at its end."""


class Tally:
    """The items of a listing so far.

    Attributes:
        position: Where the listing can resume.
        count: The number of items before that.
        latest: The items after that.
        known: The ids of items that an earlier run has left.
    """

    def __init__(self, position: Position) -> None:
        self.position = position
        self.count = 0
        self.latest: list[Item] = []
        self.known: set[object] = set()

    @property
    def total(self) -> int:
        """The number of all items."""
        return self.count + len(self.latest)

    def complete(self, position: Position) -> None:
        """Note that all items before a position are there."""
        self.position, self.count = position, self.total
        self.latest = []


class Part(Tally):
    """The complete part of an unfinished file, kept beside it, from which the file is written at the end.

    The first line says what is listed. Each of the others is a position where the listing can resume, and the
    items between the one before and this one.
    """

    def __init__(self, path: Path, file: BinaryIO, contents: str, position: Position) -> None:
        super().__init__(position)
        self.path = path
        self._file = file
        end = 0
        for line in file:
            if not line.endswith(b"\n"):  # cut off
                break
            value = json.loads(line)
            if end:
                self.latest = value[1]
                self.known.update(item["id"] for item in self.latest if item.get("id") is not None)
                super().complete(value[0])
            elif value != contents:
                file.close()
                raise click.ClickException(f"{path} is of another list, filter or portal")
            end += len(line)
        file.seek(end)
        file.truncate()
        if not end:
            self._write(contents)

    def complete(self, position: Position) -> None:
        """Keep all items before a position."""
        items = self.latest
        super().complete(position)
        self._write([position, items])

    def items(self) -> Iterator[Item]:
        """Yields the items."""
        self._file.seek(0)
        for line in islice(self._file, 1, None):
            yield from json.loads(line)[1]

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

    def _write(self, value: object) -> None:
        self._file.write(json.dumps(value).encode() + b"\n")
        self._file.flush()


def open_part(target: Path, contents: str, position: Position, *, resume: bool, force: bool) -> Part:
    """Create the part of a file, readable by its owner only, or open the one that an earlier run left."""
    path = target.with_name(f"{target.name}.part")
    if resume and not path.exists():
        raise click.ClickException(f"there is no {path} to continue; leave out --resume")
    if not resume and path.exists() and not force:
        raise click.ClickException(
            f"an interrupted run left {path}. Continue it with --resume, or discard it with --force"
        )
    if not resume:
        path.unlink(missing_ok=True)
    file = open(path, "r+b" if resume else "x+b", opener=partial(os.open, mode=0o600))  # noqa: SIM115
    return Part(path, file, contents, position)


def check_target(path: Path, *, force: bool) -> None:
    """Raise an error if the file cannot be written."""
    if path.exists() and not path.is_file():
        raise click.ClickException(f"{path} is not a file; leave out --output to write to standard output")
    if path.exists() and not force:
        raise click.ClickException(f"{path} already exists. Name another file, or overwrite it with --force")


@contextmanager
def written_whole(path: Path, *, force: bool) -> Generator[TextIO]:
    """A file that gets its name when it is complete, readable by its owner only."""
    path = path.resolve()  # a link stays a link
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # mode 0600
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        check_target(path, force=force)  # it may have been created meanwhile
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


@contextmanager
def standard_output() -> Generator[TextIO]:
    """Standard output: a terminal in its own encoding, anything else in UTF-8.

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
