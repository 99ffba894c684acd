"""Compares listings with the optimum that latency and rate limit allow: `make bench-own`."""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import os
import socket
import sys
import time
import tracemalloc
from statistics import median
from typing import Any
from unittest.mock import patch

from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.client import Client

from benchmarks.measure import Served, report, seconds, served, served_fast, spread
from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal
from mijnklantportaal.portal import DEFAULT_CONCURRENCY


def plain_loop(server: Served) -> int:
    """Lists as a user would without the wrapper: with the generated call, page by page."""
    headers = {"Authorization": f"Bearer {server.api_key}"}
    with Client(base_url=server.base_url, headers=headers) as client:
        return call_in_a_loop(client)


def call_in_a_loop(client: Client) -> int:
    """Lists with the generated call, page by page."""
    count, page = 0, 1
    while True:
        envelope = list_customers.sync(client=client, page=page)
        assert envelope is not None
        count += len(envelope.data)
        if not envelope.next_page_url:
            return count
        page += 1


def listing(server: Served, concurrency: int = DEFAULT_CONCURRENCY, **options: Any) -> int:
    """Lists with the wrapper."""
    with MijnKlantportaal(
        api_key=server.api_key, base_url=server.base_url, concurrency=concurrency, **options
    ) as portal:
        return sum(1 for _ in portal.list_customers())


def alisting(server: Served, concurrency: int = DEFAULT_CONCURRENCY) -> int:
    """Lists with the wrapper, asynchronously."""

    async def run() -> int:
        async with AsyncMijnKlantportaal(
            api_key=server.api_key, base_url=server.base_url, concurrency=concurrency
        ) as portal:
            return len([customer async for customer in portal.list_customers()])

    return asyncio.run(run())


def latency() -> bool:
    """Measures 60 pages at 50 ms, for several concurrencies, and compares them with the plain loop."""
    kept = True
    with served_fast(customers=900, latency=0.05) as server:
        listing(server)
        loop = seconds(lambda: plain_loop(server))
        for concurrency in sorted({1, 2, 4, 8, 16, DEFAULT_CONCURRENCY}):
            rounds = [seconds(lambda c=concurrency: listing(server, c)) for _ in range(3)]  # type: ignore[misc]
            async_rounds = [seconds(lambda c=concurrency: alisting(server, c)) for _ in range(3)]  # type: ignore[misc]
            optimum = (1 + math.ceil(59 / concurrency)) * 0.05
            ratio = median(rounds) / optimum
            is_default = concurrency == DEFAULT_CONCURRENCY
            detail = f"{spread(rounds)} s; {loop / median(rounds):.1f} times as fast as the plain loop"
            name = f"60 pages at 50 ms, concurrency {concurrency}, over the optimum {optimum:.2f} s"
            limit = 1.25 if is_default else math.inf
            held = report(name, ratio, limit, detail)
            held &= report(
                "  asynchronously", median(async_rounds) / optimum, limit, f"{spread(async_rounds)} s"
            )
            if is_default:
                share = median(rounds) / (loop / 5)
                faster = report("  its time over a fifth of the plain loop's", share, 1, "")
                kept &= held and faster
    return kept


def _list_in_process(base_url: str, api_key: str, result: Any) -> None:
    began = time.perf_counter()
    server = Served(base_url, api_key)
    result.put((listing(server), time.perf_counter() - began))


def quota() -> bool:
    """Measures 200 pages with 60 requests per window of 5 s; then two processes that share the key."""
    window, pages = 5.0, 200
    windows = (pages - 1) // 60
    with served(customers=pages * 15, limit=60, window=window) as server:
        taken = seconds(lambda: listing(server))
    best = windows * window
    kept = report(
        f"{pages} pages, 60 per window of {window:g} s, over the optimum {best:g} s",
        taken / best,
        1.04,
        f"{taken:.2f} s",
    )
    rejected = server.statuses.count(429)
    kept &= report("  429s in total", rejected, 1, f"{len(server.statuses)} requests")

    spawn = multiprocessing.get_context("spawn")
    result = spawn.Queue()
    with served(customers=pages // 2 * 15, limit=60, window=window) as server:
        workers = [
            spawn.Process(target=_list_in_process, args=(server.base_url, server.api_key, result))
            for _ in range(2)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        taken = max(result.get()[1] for _ in workers)
    kept &= report(
        f"two processes, {pages // 2} pages each, on one key, over {windows} windows and {windows} s",
        taken / (windows * (window + 1)),
        1.10,
        f"{taken:.2f} s",
    )
    print(f"     429s: {server.statuses.count(429)}, requests: {len(server.statuses)}")
    return kept


def cpu() -> bool:
    """Compares the CPU time per page with that of the raw generated call, one page at a time."""
    ratios: list[float] = []
    ours: list[float] = []
    theirs: list[float] = []
    with (
        served_fast(customers=3000) as server,
        Client(base_url=server.base_url, headers={"Authorization": f"Bearer {server.api_key}"}) as client,
        MijnKlantportaal(api_key=server.api_key, base_url=server.base_url, concurrency=1) as portal,
    ):
        for _ in range(10):
            ours.append(seconds(lambda: sum(1 for _ in portal.list_customers()), time.process_time))
            theirs.append(seconds(lambda: call_in_a_loop(client), time.process_time))
            ratios.append(ours[-1] / theirs[-1])
    ours, theirs, ratios = ours[1:], theirs[1:], ratios[1:]  # the first round imports and connects
    pages = f"{median(ours) / 200 * 1e6:.0f} µs against {median(theirs) / 200 * 1e6:.0f} µs a page"
    detail = f"{spread(ratios)}; {pages}"
    return report("CPU per page at concurrency 1, over the raw generated call", median(ratios), 1.20, detail)


def connections() -> bool:
    """Counts the connections that five listings on one portal open."""
    opened: list[object] = []
    connect = socket.create_connection

    def counted(*args: Any, **options: Any) -> socket.socket:
        opened.append(args)
        return connect(*args, **options)

    with (
        served_fast(customers=300, latency=0.01) as server,
        MijnKlantportaal(api_key=server.api_key, base_url=server.base_url) as portal,
        patch("socket.create_connection", counted),
    ):
        for _ in range(5):
            sum(1 for _ in portal.list_customers())
    return report("connections opened by five listings of 20 pages", len(opened), 8, "")


def memory() -> bool:
    """Compares the peak memory of listing 100,000 customers with that of 1,000; none are kept."""
    peaks: list[float] = []
    for customers in (1_000, 100_000):
        with served_fast(customers=customers) as server:
            listing(server)
            tracemalloc.start()
            listing(server)
            peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
            tracemalloc.stop()
    detail = f"{peaks[0]:.1f} and {peaks[1]:.1f} MiB"
    return report("additional MiB for 100,000 customers, over 1,000", peaks[1] - peaks[0], 20, detail)


if __name__ == "__main__":
    every = {"latency": latency, "quota": quota, "cpu": cpu, "connections": connections, "memory": memory}
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} CPUs")
    kept = [every[name]() for name in sys.argv[1:] or every]
    if not all(kept):
        sys.exit("a limit was exceeded")
