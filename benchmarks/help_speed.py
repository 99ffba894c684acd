"""How quick `mijnklantportaal --help` is, as a ratio to the --help of a click "hello world".

python benchmarks/help_speed.py        fails if the ratio is above 1.5
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 25
LIMIT = 1.5
HELLO = """
import click

@click.command()
def hello():
    click.echo("hello")

hello()
"""


def seconds(command: list[str]) -> float:
    """How long the command takes, as a process of its own."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # as installed: with byte code
    began = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> int:
    """Measures both in turn, so that both meet the same machine, and prints the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.py")
        hello.write_text(HELLO, encoding="utf-8")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "hello world": [sys.executable, str(hello), "--help"],
            "mijnklantportaal": [sys.executable, "-m", "mijnklantportaal.cli", "--help"],
        }
        for command in commands.values():  # the first run writes byte code
            seconds(command)
        taken = [{name: seconds(command) for name, command in commands.items()} for _ in range(RUNS)]
    for name in commands:
        print(f"{name:<18}{statistics.median(run[name] for run in taken) * 1000:6.0f} ms")
    ratio = statistics.median(run["mijnklantportaal"] / run["hello world"] for run in taken)
    print(f"ratio             {ratio:6.2f}    (at most {LIMIT})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
