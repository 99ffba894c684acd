"""Runs the Node tools that package.json pins; they are needed for development only."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tools.regenerate.tree import ToolError

BIN: Final = Path(__file__).resolve().parents[2] / "node_modules" / ".bin"


class NodeError(ToolError):
    """A Node tool is not installed, or failed."""


def command(tool: str) -> str:
    """Return the path of a tool.

    Raises:
        NodeError: It is not installed.
    """
    found = shutil.which(tool, path=str(BIN))
    if found is None:
        raise NodeError(f"{tool} is not installed: it needs Node 20.19 or newer and `make node-tools`")
    return found


def environment() -> dict[str, str]:
    """Return the environment for a tool: telemetry off, no API key."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MIJNKLANTPORTAAL_")}
    return kept | {
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
        "NO_COLOR": "1",
        "CI": "1",
    }


def run(tool: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a tool to completion; the caller checks the exit status.

    Raises:
        NodeError: It is not installed.
    """
    return subprocess.run(  # noqa: S603 - no shell, and one of our own tools
        [command(tool), *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
