"""Measures the fixed costs of a client: import, first page, memory, size of the wheel, dependencies."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.environments import BENCH, python, versions, wheel_kib
from benchmarks.measure import served_fast
from benchmarks.roster import Peer
from benchmarks.scenarios.rounds import interleaved
from benchmarks.workers import Worker, variables

ROUNDS = 9
CUSTOMERS = (1_000, 100_000)
_FIRST_CUSTOMER = """
exec(open({script!r}).read())
listing = customers({base_url!r}, {api_key!r})
if hasattr(listing, "__aiter__"):
    import asyncio
    async def first():
        return await anext(listing)
    asyncio.run(first())
else:
    next(listing)
"""


def start(peers: Sequence[Peer]) -> dict[str, Any]:
    """Measures fresh processes with byte code, minus what Python itself takes."""
    with served_fast(customers=900) as server:
        programs: list[tuple[Peer, list[str]]] = []
        for peer in peers:
            first = _FIRST_CUSTOMER.format(
                script=str(peer.path), base_url=server.base_url, api_key=server.api_key
            )
            programs.append((peer, ["pass", peer.imports, first]))
        for peer, codes in programs:  # the first run writes byte code
            _seconds(peer, codes[-1])
        found = interleaved(programs, ROUNDS, lambda it: [_seconds(it[0], code) for code in it[1]])
    measured: dict[str, dict[str, Any]] = {}
    for peer, runs in zip(peers, found, strict=True):
        measured[peer.name] = {
            "import": [imported - nothing for nothing, imported, _ in runs],
            "first": [first - nothing for nothing, _, first in runs],
            "wheel_kib": wheel_kib(peer.environment),
            "dependencies": len(versions(peer.environment)) - 1,
            "peak_kib": [],
        }
    for customers in CUSTOMERS:
        print(f"  memory for {customers} customers", flush=True)
        with served_fast(customers=customers) as server:
            for peer in peers:
                with Worker(peer) as worker:
                    peak = worker.listing(server.base_url, server.api_key).get("peak_kib")
                measured[peer.name]["peak_kib"].append(peak)
    return {"rounds": ROUNDS, "customers": CUSTOMERS, "peers": measured}


def _seconds(peer: Peer, code: str) -> float:
    command = [str(python(peer.environment)), "-c", code]
    began = time.perf_counter()
    subprocess.run(command, env=variables(), cwd=BENCH, check=True, capture_output=True)
    return time.perf_counter() - began
