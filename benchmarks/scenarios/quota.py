"""Measures listings under the rate limit: 200 pages, 60 requests per window of 5 s instead of a minute."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.fast_server import PER_PAGE
from benchmarks.roster import Peer
from benchmarks.scenarios.rounds import interleaved
from benchmarks.workers import Worker
from mijnklantportaal.sandbox import Sandbox

PAGES, LIMIT, WINDOW, ROUNDS, DEADLINE = 200, 60, 5.0, 3, 60.0


def rate_limit(peers: Sequence[Peer]) -> dict[str, Any]:
    """Lists in a new window each time."""
    with Sandbox(customers=PAGES * PER_PAGE, limit=LIMIT, window=WINDOW) as sandbox, ExitStack() as stack:

        def listing(worker: Worker) -> dict[str, Any]:
            sandbox.reset()
            found = worker.listing(sandbox.base_url, sandbox.api_key, DEADLINE)
            rejected = sum(request.status == 429 for request in sandbox.requests)
            pages = found["count"] / PER_PAGE
            return {"wall": found.get("wall"), "pages": pages, "rejected": rejected, "error": found["error"]}

        workers = [stack.enter_context(Worker(peer)) for peer in peers]
        found = interleaved(workers, ROUNDS, listing)
    measured = {
        peer.name: {key: [run[key] for run in runs] for key in runs[0]}
        for peer, runs in zip(peers, found, strict=True)
    }
    return {"pages": PAGES, "limit": LIMIT, "window": WINDOW, "rounds": ROUNDS, "peers": measured}
