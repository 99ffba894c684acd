"""What the benchmarks share: servers, medians of ratios, and reports of the results."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from statistics import median
from typing import Any

from benchmarks import fast_server
from mijnklantportaal.sandbox import Sandbox

KEY = "benchmark-key"


def _serve(options: dict[str, Any], pipe: Any) -> None:
    with Sandbox(**options) as sandbox:
        pipe.send((sandbox.base_url, sandbox.api_key))
        pipe.recv()
        pipe.send([(request.status, request.page) for request in sandbox.requests])


class Served:
    """A sandbox in a separate process, so that only the client is measured."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.base_url = base_url
        self.api_key = api_key
        self.statuses: list[int | None] = []
        self.connections = 0


@contextmanager
def served(**options: Any) -> Generator[Served]:
    """Serves a sandbox; its `statuses` are filled in at the end."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(options, there))
    process.start()
    server = Served(*here.recv())
    try:
        yield server
    finally:
        here.send("stop")
        server.statuses = [status for status, _ in here.recv()]
        process.join()


@contextmanager
def served_fast(*, customers: int, latency: float = 0.0) -> Generator[Served]:
    """Serves precomputed pages without a rate limit, and counts connections."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=fast_server.serve, args=(customers, latency, there))
    process.start()
    server = Served(here.recv(), KEY)
    try:
        yield server
    finally:
        here.send("stop")
        server.connections = here.recv()
        process.join()


def seconds(what: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Measures how long a call takes."""
    began = clock()
    what()
    return clock() - began


def report(name: str, measured: float, limit: float, detail: str) -> bool:
    """Prints a result, and returns whether it is within its limit."""
    kept = measured <= limit
    print(f"{'ok  ' if kept else 'MISS'} {name}: {measured:.3f} (limit {limit:g})  {detail}", flush=True)
    return kept


def spread(values: list[float]) -> str:
    """Formats median, minimum and maximum, with three digits."""
    return f"median {median(values):.3f}, {min(values):.3f} to {max(values):.3f}"
