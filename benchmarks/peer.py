"""Runs one peer: a process in the peer's environment, which lists on command.

    python -P benchmarks/peer.py benchmarks/peers/requests.py [speed]

A peer's script defines `customers(base_url, api_key)`, a generator (async or not) of all customers' ids,
and `ERRORS`, the exceptions that its library documents. This process reads commands from its standard input,
one line of JSON each, and responds to each with one line:

    {"base_url": …, "api_key": …, "ids": false}
    {"count": 6000, "ids": [], "error": null, "typed": false, "wall": …, "cpu": …, "page_wall": …, …}

It runs in the environment of every peer, so it needs nothing but the standard library.
"""

from __future__ import annotations

import gc
import json
import runpy
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

wall, cpu = time.perf_counter, time.process_time  # the real ones, whatever `hurry` does


class Tally:
    """Counts the customers of a listing, and records when it began, yielded its first customer, and ended."""

    def __init__(self, *, keep_ids: bool) -> None:
        self.count = 0
        self.ids: list[str] = []
        self._keep_ids = keep_ids
        self._began = self._first = wall(), cpu()

    def take(self, customer_id: str) -> None:
        """Counts one customer."""
        if not self.count:
            self._first = wall(), cpu()
        self.count += 1
        if self._keep_ids:
            self.ids.append(customer_id)

    def seconds(self) -> dict[str, float]:
        """Returns wall and CPU seconds: in total, and after the first customer."""
        ended = wall(), cpu()
        return {
            "wall": ended[0] - self._began[0],
            "cpu": ended[1] - self._began[1],
            "wall_after_first": ended[0] - self._first[0],
            "cpu_after_first": ended[1] - self._first[1],
        }


async def take_all(listing: AsyncIterator[str], tally: Tally) -> None:
    """Lists asynchronously."""
    async for customer_id in listing:
        tally.take(customer_id)


def run(peer: dict[str, Any], base_url: str, api_key: str, ids: bool) -> dict[str, Any]:
    """Lists once with a new client, to the end or until an exception."""
    gc.collect()
    error, typed = None, False
    tally = Tally(keep_ids=ids)
    try:
        listing = peer["customers"](base_url, api_key)
        if hasattr(listing, "__aiter__"):
            import asyncio  # noqa: PLC0415 - not every peer needs it

            asyncio.run(take_all(listing, tally))
        else:
            for customer_id in listing:
                tally.take(customer_id)
    except Exception as caught:
        error = f"{type(caught).__module__}.{type(caught).__qualname__}"
        typed = isinstance(caught, peer["ERRORS"])
        print(f"{error}: {caught}", file=sys.stderr)
    return {
        **tally.seconds(),
        "count": tally.count,
        "ids": tally.ids,
        "error": error,
        "typed": typed,
        "peak_kib": peak_kib(),
    }


def peak_kib() -> int | None:
    """Returns the peak memory of this process, on Linux (`ru_maxrss` can be its parent's)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    return int(status.read_text().partition("VmHWM:")[2].split()[0])


def hurry(speed: float) -> None:
    """Makes the clocks of this process run faster, and its waits and timeouts shorter, by the same factor.

    Call this before importing anything that waits: only later imports get the changed functions.
    """
    time_, monotonic, perf_counter, sleep = time.time, time.monotonic, time.perf_counter, time.sleep
    began = time_()
    time.time = lambda: began + (time_() - began) * speed
    time.monotonic = lambda: monotonic() * speed
    time.perf_counter = lambda: perf_counter() * speed
    time.sleep = lambda seconds: sleep(float(seconds) / speed)

    import queue  # noqa: PLC0415 - only now, see above
    import selectors  # noqa: PLC0415
    import socket  # noqa: PLC0415
    import threading  # noqa: PLC0415

    def shorter(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def replaced(self: Any, timeout: float | None = None) -> Any:
            return original(self, timeout / speed if timeout else timeout)

        setattr(owner, name, replaced)

    class SimpleQueue(queue.SimpleQueue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            return super().get(block, timeout / speed if timeout else timeout)

    queue.SimpleQueue = SimpleQueue  # type: ignore[misc]
    shorter(threading.Condition, "wait")  # Event.wait and Future.result, too
    shorter(socket.socket, "settimeout")
    shorter(selectors.DefaultSelector, "select")  # everything that asyncio waits for, including timeouts


def main() -> None:
    """Executes commands until standard input ends."""
    script = sys.argv[1]
    if len(sys.argv) > 2:
        hurry(float(sys.argv[2]))
    answers, sys.stdout = sys.stdout, sys.stderr  # a library may print something
    peer = runpy.run_path(script)
    for line in sys.stdin:
        print(json.dumps(run(peer, **json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
