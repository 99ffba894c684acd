"""Checks which tools for testing and tracing see the requests of a client."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import environments
from benchmarks.fast_server import page
from benchmarks.measure import served_fast
from benchmarks.roster import Peer
from benchmarks.tool import TOOLS
from benchmarks.workers import variables

PROGRAM = Path(__file__).parents[1] / "tool.py"
TIMEOUT = 60


def tools(peers: Sequence[Peer]) -> dict[str, Any]:
    """Runs each tool with each peer, in a process of the peer's environment."""
    folder = environments.tools()
    with served_fast(customers=15) as server:
        measured = {
            peer.name: {tool: _sees(tool, peer, folder, server.base_url) for tool in TOOLS} for peer in peers
        }
    return {"peers": measured}


def _sees(tool: str, peer: Peer, folder: Path, base_url: str) -> bool:
    command = [str(environments.python(peer.environment)), "-P", str(PROGRAM)]
    command += [tool, str(peer.path), base_url, json.dumps(page(1, 1, 1))]
    environment = variables() | {"PYTHONPATH": str(folder)}
    log = environments.BENCH / "log" / f"{peer.script}-{tool}.txt"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        try:
            done = subprocess.run(
                command,
                env=environment,
                stdout=output,
                stderr=output,
                timeout=TIMEOUT,
                check=False,
                cwd=environments.BENCH,
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0
