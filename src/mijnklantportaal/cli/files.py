"""Where customers are written: to a file, whole or not at all, or to standard output."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from .failures import USAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Generator


def check_target(path: Path, *, force: bool) -> None:
    """Refuse, before anything is fetched, what could not be written in the end."""
    if not path.parent.is_dir():
        raise Failure(USAGE, f"Error: there is no folder {path.parent}.")
    if path.exists() and not path.is_file():
        raise Failure(USAGE, f"Error: {path} is not a file; leave out --output to write to standard output.")
    if path.exists() and not force:
        raise Failure(
            USAGE, f"Error: {path} exists already. Name another file, or overwrite it with --force."
        )


@contextmanager
def written_whole(path: Path, *, force: bool) -> Generator[TextIO]:
    """A file that gets its name when it is complete, and that only its owner can read."""
    path = path.resolve()  # a link stays a link
    check_target(path, force=force)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # mode 0600
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        check_target(path, force=force)  # it may have come meanwhile
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


@contextmanager
def standard_output() -> Generator[TextIO]:
    """Standard output: UTF-8 whatever the code page, except for a terminal, which knows its own.

    Raises:
        BrokenPipeError: Whoever read it has closed it.
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
        if error.errno == errno.EINVAL:  # how Windows says it
            raise BrokenPipeError(errno.EPIPE, "nobody reads on") from error
        raise
    finally:
        if not terminal:
            with suppress(OSError):
                stream.detach()
