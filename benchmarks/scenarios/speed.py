"""Measures speed: 400 pages at no latency, for the client's own work; 60 pages at 50 ms, for its waits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.fast_server import PER_PAGE
from benchmarks.measure import served_fast
from benchmarks.roster import Peer
from benchmarks.scenarios.rounds import interleaved
from benchmarks.workers import Worker

CLOCKS = ("wall", "cpu", "wall_after_first", "cpu_after_first")


def no_latency(peers: Sequence[Peer]) -> dict[str, Any]:
    """Measures 400 pages from a server that responds immediately."""
    return _listings(peers, pages=400, latency=0.0, rounds=9)


def at_latency(peers: Sequence[Peer]) -> dict[str, Any]:
    """Measures 60 pages from a server that takes 50 ms for each."""
    return _listings(peers, pages=60, latency=0.05, rounds=3)


def _listings(peers: Sequence[Peer], *, pages: int, latency: float, rounds: int) -> dict[str, Any]:
    with served_fast(customers=pages * PER_PAGE, latency=latency) as server, ExitStack() as stack:
        workers = [stack.enter_context(Worker(peer)) for peer in peers]

        def listing(worker: Worker) -> dict[str, Any]:
            return worker.listing(server.base_url, server.api_key)

        with served_fast(customers=30 * PER_PAGE) as warm:  # the first listing of a process warms it up
            for worker in workers:
                worker.listing(warm.base_url, warm.api_key)
        found = interleaved(workers, rounds, listing)
    measured = {peer.name: _summary(runs, pages * PER_PAGE) for peer, runs in zip(peers, found, strict=True)}
    return {"pages": pages, "latency": latency, "rounds": rounds, "peers": measured}


def _summary(runs: list[dict[str, Any]], customers: int) -> dict[str, Any]:
    for run in runs:
        if run["error"] or run["count"] != customers:
            return {"failed": run["error"] or f"{run['count']} of {customers} customers"}
    return {clock: [run[clock] for run in runs] for clock in CLOCKS}
