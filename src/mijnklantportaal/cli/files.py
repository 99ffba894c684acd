"""Files that are written completely or not at all, and standard output."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import click

if TYPE_CHECKING:
    from collections.abc import Generator


def check_target(path: Path, *, force: bool) -> None:
    """Raise an error if the file cannot be written."""
    if not path.parent.is_dir():
        raise click.ClickException(f"there is no folder {path.parent}")
    if path.exists() and not path.is_file():
        raise click.ClickException(f"{path} is not a file; leave out --output to write to standard output")
    if path.exists() and not force:
        raise click.ClickException(f"{path} already exists. Name another file, or overwrite it with --force")


@contextmanager
def written_whole(path: Path, *, force: bool) -> Generator[TextIO]:
    """A file that gets its name when it is complete, readable by its owner only."""
    path = path.resolve()  # a link stays a link
    check_target(path, force=force)
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
    terminal = sys.stdout.isatty()
    stream = cast("TextIOWrapper", sys.stdout)
    if not terminal:
        stream.flush()
        stream = TextIOWrapper(stream.buffer, encoding="utf-8", errors="backslashreplace", newline="")
    try:
        yield stream
        stream.flush()
    except OSError as error:
        if error.errno == errno.EINVAL:  # on Windows
            raise BrokenPipeError(errno.EPIPE, "the reader has closed it") from error
        raise
    finally:
        if not terminal:
            with suppress(OSError):
                stream.detach()
