"""Shared by the tests of the command: running it in a separate process, with or without a terminal."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tests import processes
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Generator

    from mijnklantportaal.sandbox import Sandbox

COMMAND = [sys.executable, "-W", "error", "-m", "mijnklantportaal"]
INTERRUPTED_COMMAND = [sys.executable, "-m", "mijnklantportaal"]
"""Without `-W error`: at Ctrl-C during a request, the command exits without closing the connection."""


def environment(**more: str) -> dict[str, str]:
    """Return the environment without the developer's own portal, and with a known terminal width."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MIJNKLANTPORTAAL_", "NO_COLOR"))
    }
    return {**inherited, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40", **more}


def point_to(sandbox: Sandbox) -> dict[str, str]:
    """Return the variables that make the command use this sandbox."""
    return {"MIJNKLANTPORTAAL_API_KEY": sandbox.api_key, "MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url}


class Ran(NamedTuple):
    """How a command ended; its standard output is UTF-8 whatever the locale."""

    status: int
    out: str
    err: str


def run(*arguments: str, stdin: str = "", **more: str) -> Ran:
    """Run the command without a terminal."""
    done = processes.run(
        [*COMMAND, *arguments],
        env=environment(**more),
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


class Terminal:
    """A command on a terminal, with its standard output and standard error in the order written."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self.text = ""
        self._screen = screen

    def read_until(self, wanted: str) -> str:
        """Read until this text is there."""
        while wanted not in self.text:
            assert self._more(), self.text
        return self.text

    def read_all(self) -> str:
        """Read until the command has ended."""
        while self._more():
            pass
        return self.text

    def _more(self) -> bool:
        assert select.select([self._screen], [], [], PATIENCE)[0], self.text
        try:
            data = os.read(self._screen, 65_536)
        except OSError:  # on Linux, the other side is closed
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def on_terminal(*arguments: str, environ: dict[str, str], stdout: int | None = None) -> Generator[Terminal]:
    """Run the command on a pseudo-terminal, or only its standard error; POSIX only."""
    import pty

    screen, terminal = pty.openpty()
    with processes.started(
        [*COMMAND, *arguments],
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        stdout=terminal if stdout is None else stdout,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        try:
            yield Terminal(process, screen)
        finally:
            process.kill()
            os.close(screen)
