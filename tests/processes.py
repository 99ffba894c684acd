"""Child processes that can neither hang a test nor outlive it."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

PATIENCE = 60  # seconds; only a process that hangs takes this long
OTHERS = [
    "anyio",
    "faker",
    "hypothesispytest",
    "platformdirs",
    "pytest_httpx",
    "respx",
    "schemathesis",
    "xdist",
]
OTHERS_OFF = [f"-pno:{name}" for name in OTHERS]
"""For pytest in a child process: these plugins are slow to load, or import what our own must not."""


def run(
    command: Sequence[str | Path], *, check: bool = False, timeout: float = PATIENCE, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """Run `subprocess.run` with a timeout."""
    return subprocess.run(command, check=check, timeout=timeout, **options)


def unmeasured(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process whose coverage is not measured.

    A signal that arrives while coverage holds its lock would hang the process.
    """
    return {name: value for name, value in environment.items() if not name.startswith("COVERAGE_")}


@contextmanager
def started(command: Sequence[str | Path], **options: Any) -> Generator[subprocess.Popen[Any]]:
    """Start a process; at the end, kill it if it still runs, for example because the test failed."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.kill()
