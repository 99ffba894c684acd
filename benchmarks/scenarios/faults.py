"""Lists from a faulty server: 200 random schedules of faults, the same for all clients.

Time runs 50 times as fast in the clients' processes, to shorten their waits and timeouts.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.fast_server import PER_PAGE
from benchmarks.roster import Peer
from benchmarks.workers import Worker
from mijnklantportaal.sandbox import Sandbox, by_page
from mijnklantportaal.sandbox.faults import Delay, Drop, Edit, Fault, Html, Status, Truncate

SCHEDULES, PAGES, SPEED = 200, 6, 50
DEADLINE = 900.0
"""Seconds of the client's time: the longest default timeout is 600."""
VERDICTS = ("complete", "typed error", "other exception", "silent loss", "hang")
STALL = Delay(3600)
Schedule = Mapping[int, Fault | Sequence[Fault | None]]


def draw(seed: int, page_bodies: Sequence[dict[str, Any]]) -> Schedule:
    """Draws faults for one to three pages: six in ten once, three twice, one always; or a stall."""
    random = Random(seed)
    schedule: dict[int, Fault | Sequence[Fault | None]] = {}
    for page in random.sample(range(1, PAGES + 1), random.randint(1, 3)):
        kinds: list[Callable[[], Fault]] = [
            partial(Status, 500),
            partial(Status, 502),
            partial(Status, 503, headers={"Retry-After": random.choice("01")}),
            partial(Status, 520),
            partial(Status, 429, headers={"Retry-After": random.choice("12")}),
            partial(Drop, "before", reset=random.random() < 0.5),
            partial(Drop, "within", reset=random.random() < 0.5),
            partial(Drop, "after", reset=random.random() < 0.5),
            Truncate,
            Html,
            partial(_another_page, page_bodies[1 if page == 1 else 0]),
        ]
        fault = random.choice(kinds)()
        times = random.choices([1, 2, None], [6, 3, 1])[0]
        schedule[page] = fault if times is None else [fault] * times
    if seed % 25 == 0:
        schedule[random.randint(1, PAGES)] = [STALL]
    return schedule


def _another_page(body: dict[str, Any]) -> Fault:
    """Returns a valid page other than the one requested, as a cache that ignores the query does."""
    return Edit(lambda _: body)


def verdict(answer: Mapping[str, Any] | None, ids: Sequence[str]) -> str:
    """Returns the outcome of a listing, given the ids in the portal: one of `VERDICTS`.

    The listed customers are checked first: if some are missing, repeated or out of order, it is a silent
    loss, whatever happened afterwards.
    """
    if answer is None:
        return "hang"
    delivered = answer["ids"]
    if delivered != ids[: len(delivered)]:
        return "silent loss"
    if answer["error"] is None:
        return "complete" if len(delivered) == len(ids) else "silent loss"
    return "typed error" if answer["typed"] else "other exception"


def faults(peers: Sequence[Peer]) -> dict[str, Any]:
    """Measures one client at a time; while one only waits, such as for a stall to end, the next may run."""
    turn = threading.Lock()
    with ThreadPoolExecutor(len(peers)) as pool:
        found = list(pool.map(partial(_weather, turn), peers))
    return {
        "schedules": SCHEDULES,
        "speed": SPEED,
        "deadline": DEADLINE,
        "peers": {
            peer.name: "".join(each[0] for each in verdicts)
            for peer, verdicts in zip(peers, found, strict=True)
        },
    }


def _weather(turn: threading.Lock, peer: Peer) -> list[str]:
    found: list[str] = []
    with Sandbox(customers=PAGES * PER_PAGE, limit=None) as sandbox, Worker(peer, SPEED) as worker:
        ids, bodies = sandbox.ids(), [_page(sandbox, number) for number in (1, 2)]
        worker.listing(sandbox.base_url, sandbox.api_key)  # the first listing of a process warms it up
        for seed in range(SCHEDULES):
            sandbox.reset(faults=by_page(draw(seed, bodies)))
            with turn:
                worker.ask(sandbox.base_url, sandbox.api_key, ids=True)
                answer = worker.answer(1.0)
            if answer is None:
                answer = worker.answer(DEADLINE / SPEED - 1.0)
            if answer is None:
                worker.kill()
            found.append(verdict(answer, ids))
    print(f"  {peer.name}: {', '.join(f'{found.count(each)} {each}' for each in VERDICTS)}", flush=True)
    return found


def _page(sandbox: Sandbox, number: int) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with urlopen(Request(f"{sandbox.base_url}/customers?page={number}", headers=headers)) as answer:
        body: dict[str, Any] = json.load(answer)
    return body
