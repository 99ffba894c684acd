"""The command that goes on where a listing stopped: pure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def command(
    words: Iterable[str],
    typed: Sequence[str],
    *,
    start: int | str | None = None,
    limit: int | None = None,
    resume: bool = False,
) -> str:
    """The command line `words typed`, but from this start page on and with this limit, or with --resume."""
    import shlex
    import subprocess

    kept = list(typed)
    if start is not None:
        kept = [*_without(kept, {"--start-page", "--limit"}), "--start-page", str(start)]
        kept += [] if limit is None else ["--limit", str(limit)]
    kept += ["--resume"] if resume and "--resume" not in kept else []
    return (subprocess.list2cmdline if os.name == "nt" else shlex.join)([*words, *kept])


def _without(arguments: Iterable[str], options: set[str]) -> Iterator[str]:
    rest = iter(arguments)
    for argument in rest:
        if argument in options:
            next(rest, None)
        elif argument.partition("=")[0] not in options:
            yield argument
