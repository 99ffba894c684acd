"""Counts the connections that five consecutive listings of 20 pages open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.fast_server import PER_PAGE
from benchmarks.measure import served_fast
from benchmarks.roster import Peer
from benchmarks.workers import Worker

PAGES, LISTINGS, LATENCY = 20, 5, 0.01


def connections(peers: Sequence[Peer]) -> dict[str, Any]:
    """Measures one client at a time; scripts create one for each listing, unless they say otherwise."""
    measured: dict[str, int] = {}
    for peer in peers:
        with served_fast(customers=PAGES * PER_PAGE, latency=LATENCY) as server, Worker(peer) as worker:
            for _ in range(LISTINGS):
                assert worker.listing(server.base_url, server.api_key)["error"] is None
        measured[peer.name] = server.connections
    return {"pages": PAGES, "listings": LISTINGS, "peers": measured}
