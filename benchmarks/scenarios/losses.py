"""Counts customers lost while others are added and deleted: 600 pages, with 60 requests per window of 5 s.

With the real limit, a minute consists of a second or two of requests, and a wait. A shorter window has as
many requests, but a shorter wait. So the changes are distributed as they would be in a minute: 59 of 60 in
the wait, before the first request of the next window, and the others before a random request of the window.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from benchmarks.fast_server import PER_PAGE
from benchmarks.roster import Peer
from benchmarks.workers import Worker
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import ReceivedRequest

PAGES, LIMIT, WINDOW, SEEDS, DEADLINE = 600, 60, 5.0, 10, 300.0
AT_ONCE = 20
IN_WAIT = 59 / 60


@dataclass(frozen=True)
class Preset:
    """How customers are added and deleted: each minute, or once."""

    name: str
    order: Literal["newest", "oldest", "name"]
    remove: int
    add: int = 0
    once: bool = False


PRESETS = [
    Preset("2 deleted a minute, newest first", "newest", 2),
    Preset("2 deleted a minute, oldest first", "oldest", 2),
    Preset("2 deleted a minute, by name", "name", 2),
    Preset("2 deleted and 2 added a minute, newest first", "newest", 2, 2),
    Preset("2 deleted and 2 added a minute, oldest first", "oldest", 2, 2),
    Preset("20 deleted and 20 added a minute, oldest first", "oldest", 20, 20),
    Preset("40 at once, of those already listed, in a wait", "newest", 40, once=True),
]


class Turnover:
    """Deletes and adds customers; the sandbox calls it for every request."""

    def __init__(self, sandbox: Sandbox, preset: Preset, seed: int) -> None:
        self.gone: set[str] = set()
        self._sandbox, self._preset, self._random = sandbox, preset, Random(seed)
        self._count = PAGES * PER_PAGE
        self._windows = 0
        self._opened = -WINDOW
        self._asked = 0
        self._when = self._random.randint(1, PAGES // LIMIT - 1)
        self._due: list[tuple[int, int, int]] = []

    def __call__(self, _: ReceivedRequest) -> None:
        """Makes the changes that are due."""
        if time.monotonic() - self._opened >= WINDOW:
            self._opened, self._asked = time.monotonic(), 0
            if self._windows:
                self._due = self._drawn()
            self._windows += 1
        for when, remove, add in self._due:
            if when == self._asked:
                self._change(remove, add)
        self._asked += 1

    def _drawn(self) -> list[tuple[int, int, int]]:
        """Draws the changes of a minute: before which request, and how many are deleted and added."""
        if self._preset.once:
            return [(0, self._preset.remove, 0)] if self._windows == self._when else []
        each = [(1, 0)] * self._preset.remove + [(0, 1)] * self._preset.add
        return [
            (0 if self._random.random() < IN_WAIT else self._random.randrange(LIMIT), *change)
            for change in each
        ]

    def _change(self, remove: int, add: int) -> None:
        if remove:
            at = 0 if self._preset.once else self._random.randrange(self._count)
            self.gone.update(self._sandbox.remove_customers(remove, at))
        if add:
            self._sandbox.add_customers(add)
        self._count += add - remove


def serve(preset: Preset, seed: int, pipe: Any) -> None:
    """Serves one listing in a separate process; sends the ids that existed throughout at the end."""
    with Sandbox(customers=PAGES * PER_PAGE, limit=LIMIT, window=WINDOW, order=preset.order) as sandbox:
        began = sandbox.ids()
        turnover = Turnover(sandbox, preset, seed)
        sandbox.reset(faults=turnover)
        pipe.send((sandbox.base_url, sandbox.api_key))
        pipe.recv()
        pipe.send(([each for each in began if each not in turnover.gone], len(sandbox.requests)))


def listed(peer: Peer, preset: Preset, seed: int) -> dict[str, Any]:
    """Runs one listing; returns the number of customers lost and of requests, and the error, if any."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=serve, args=(preset, seed, there))
    process.start()
    there.close()  # otherwise, the end of the process would go unnoticed
    with Worker(peer) as worker:
        worker.ask(*here.recv(), ids=True)
        answer = worker.answer(DEADLINE) or {"ids": [], "error": "no end within the deadline"}
    here.send("stop")
    stayed, requests = here.recv()
    process.join()
    given = set(answer["ids"])
    lost = len([each for each in stayed if each not in given])
    return {"lost": lost, "requests": requests, "error": answer["error"], "given": len(answer["ids"])}


def losses(peers: Sequence[Peer]) -> dict[str, Any]:
    """Runs many listings at the same time, because a listing mostly waits."""
    measured: dict[str, dict[str, Any]] = {peer.name: {} for peer in peers}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for peer in peers:
            print(f"  {peer.name}", flush=True)
            runs = {
                each: [pool.submit(listed, peer, each, seed) for seed in range(SEEDS)] for each in PRESETS
            }
            for preset, listings in runs.items():
                found = [listing.result() for listing in listings]
                measured[peer.name][preset.name] = {key: [run[key] for run in found] for key in found[0]}
    return {"pages": PAGES, "limit": LIMIT, "window": WINDOW, "seeds": SEEDS, "peers": measured}
