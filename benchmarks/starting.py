"""Measures how quickly a program that uses the client starts: the import, and the command's --help."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import report, spread

ROUNDS = 25
PYTHON = [sys.executable, "-c"]
GENERATED = """
from mijnklantportaal_api.client import Client
from mijnklantportaal_api.api.customers_api import list_customers
"""
OURS = "from mijnklantportaal import MijnKlantportaal"
HELLO = """
import click

@click.command()
def hello():
    click.echo("hello")

hello()
"""


def seconds(command: list[str]) -> float:
    """Measures how long a command takes, in a new process."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # as installed: with byte code
    began = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def compared(name: str, ours: list[str], other: list[str], limit: float) -> bool:
    """Measures both in turn, under the same conditions, and reports the ratio."""
    for command in (ours, other):  # the first run writes byte code
        seconds(command)
    taken = [(seconds(ours), seconds(other)) for _ in range(ROUNDS)]
    ratios = [mine / theirs for mine, theirs in taken]
    mine, theirs = (statistics.median(each) * 1000 for each in zip(*taken, strict=True))
    return report(name, statistics.median(ratios), limit, f"{spread(ratios)}; {mine:.0f} and {theirs:.0f} ms")


def main() -> bool:
    """Runs all measurements."""
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.py")
        hello.write_text(HELLO, encoding="utf-8")
        kept = compared("import, over the generated package's", [*PYTHON, OURS], [*PYTHON, GENERATED], 1.15)
        command = [sys.executable, "-m", "mijnklantportaal", "--help"]
        return (
            compared(
                "--help, over a click hello world's", command, [sys.executable, str(hello), "--help"], 1.5
            )
            & kept
        )


if __name__ == "__main__":
    if not main():
        sys.exit("a limit was exceeded")
