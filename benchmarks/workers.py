"""Communicates with the processes in which peers run; peer.py describes the protocol."""

from __future__ import annotations

import json
import os
import select
import subprocess
from pathlib import Path
from typing import Any, Self

from benchmarks.environments import BENCH, python
from benchmarks.roster import Peer

HANG = "no end within the deadline"
DIED = "its process ended"
_PEER = Path(__file__).with_name("peer.py")


def variables() -> dict[str, str]:
    """Returns the environment variables for a peer's process: byte code on, no proxy."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.lower().endswith("_proxy")
    }


class Worker:
    """The process of one peer, started when it is first needed, and again after it was killed.

    Args:
        peer: The peer.
        speed: How much faster its clocks run than real ones.
    """

    def __init__(self, peer: Peer, speed: int = 1) -> None:
        self.peer = peer
        self._command: list[str | Path] = [python(peer.environment), "-P", _PEER, peer.path]
        if speed > 1:
            self._command.append(str(speed))
        self._process: subprocess.Popen[str] | None = None

    def ask(self, base_url: str, api_key: str, *, ids: bool = False) -> None:
        """Tells it to list all customers."""
        command = json.dumps({"base_url": base_url, "api_key": api_key, "ids": ids})
        stdin = self._running().stdin
        assert stdin is not None
        print(command, file=stdin, flush=True)

    def answer(self, deadline: float) -> dict[str, Any] | None:
        """Returns its response, or `None` if that takes longer than the deadline in seconds."""
        stdout = self._running().stdout
        assert stdout is not None
        if not select.select([stdout], [], [], deadline)[0]:
            return None
        line = stdout.readline()
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.kill()
        return {"count": 0, "ids": [], "error": DIED, "typed": False}

    def listing(self, base_url: str, api_key: str, deadline: float = 120.0) -> dict[str, Any]:
        """Lists all customers; kills the process if the listing does not end."""
        self.ask(base_url, api_key)
        answer = self.answer(deadline)
        if answer is None:
            self.kill()
            return {"count": 0, "ids": [], "error": HANG, "typed": False}
        return answer

    def kill(self) -> None:
        """Kills the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            log = BENCH / "log" / f"{self.peer.script}.txt"
            log.parent.mkdir(exist_ok=True)
            with log.open("a") as stderr:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    text=True,
                    cwd=BENCH,
                    env=variables(),
                )
        return self._process
