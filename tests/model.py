"""A model of the API and of a driver, on a simulated clock: lists a changing list thousands of times.

    python -m tests.model [listings]

prints how many customers a listing loses that existed throughout, and how many requests it takes.
"""

from __future__ import annotations

import heapq
import itertools
import random
import sys
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from mijnklantportaal.pagination import reading
from mijnklantportaal.pagination.options import Options
from mijnklantportaal.pagination.reading import Reading
from mijnklantportaal.pagination.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Change = Callable[[list[int]], None]


ADDED = 1_000_000
"""The first id of customers that are added."""


@dataclass(frozen=True)
class Row:
    """A customer."""

    id: int


@dataclass(frozen=True)
class Page:
    """A page, as the generated call returns it."""

    current_page: int
    data: list[Row]
    next_page_url: str | None


@dataclass
class Model:
    """An API whose list changes, with its rate limit, and a driver of `Walk` like the real ones.

    Args:
        rows: The ids of the customers, in order.
        size: How many customers are on a page.
        concurrency: How many requests may be in flight.
        changes: When the list changes, in seconds, and how.
        limit: How many requests the API accepts in a window; `None` for no limit.
        window: Length of a window in seconds; its first request starts it.
        latency: How long a response takes to be created, and then to arrive.
        delay: How long failed attempts and their backoffs take before the last attempt of a request is sent.
        pace: How long the consumer takes for a page.
        between: Changes the list when a burst is over, because nothing was in flight for some time, unless
            one of its pages is being read again.
    """

    rows: list[int]
    size: int = 15
    concurrency: int = 8
    changes: Iterable[tuple[float, Change]] = ()
    limit: int | None = 60
    window: float = 60.0
    latency: Callable[[], tuple[float, float]] = lambda: (0.05, 0.05)
    delay: Callable[[], float] = lambda: 0.0
    pace: Callable[[], float] = lambda: 0.0
    between: Callable[[list[int]], None] | None = None
    now: float = 0.0
    requests: list[int] = field(default_factory=list)
    waits: int = 0
    delays: int = 0
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._opened: float | None = None
        self._used = 0
        self._jobs: deque[int] = deque()
        self._under_way: set[int] = set()
        self._busy = 0
        self._waiting = False
        self._travelling = 0
        self._arrived = 0.0
        self._answered: set[int] = set()
        self._held: deque[int] = deque()  # by the rate limit
        for moment, change in self.changes:
            self.change_at(moment, change)

    def change_at(self, moment: float, change: Change) -> None:
        """Changes the list at this moment."""
        self._at(moment, lambda: change(self.rows))

    def list(self, options: Options | None = None, most: int = 10**9) -> list[int]:
        """Lists to the end, or `most` pages; returns the ids in the order in which they were yielded."""
        given: list[int] = []
        self.walk = Walk[Page](options or Options())
        pages = 0
        while (page := self.walk.page) is not None and pages < most:
            self._ask(waiting=True)
            while page in self._under_way:
                self._step()
            taken = self.walk.take()
            self._ask(waiting=not taken)
            for _, items in taken:
                pages += 1
                given += [row.id for row in items]
                self._pass(self.pace())
        return given

    def _ask(self, *, waiting: bool) -> None:
        for each in self.walk.wanted(self.now, self.concurrency, self._left(), waiting=waiting):
            if each not in self._under_way:
                self._under_way.add(each)
                if each == self.walk.page:
                    self._jobs.appendleft(each)
                else:
                    self._jobs.append(each)
        self._work()

    def _left(self) -> int | None:
        return None if self.limit is None or self._opened is None else self.limit - self._used

    def _work(self) -> None:
        while self._jobs and self._busy < self.concurrency:
            page = self._jobs.popleft()
            if self.walk.wants(page):
                self._busy += 1
                self._held.append(page)
            else:
                self._under_way.discard(page)
        self._admit()

    def _admit(self) -> None:
        while self._held:
            if self.limit is not None:
                if self._opened is not None and self.now >= self._opened + self.window:
                    self._opened, self._used = None, 0
                if self._opened is None and self._used:
                    return  # one request starts the window; the others wait for its response
                if self._used == self.limit:
                    if not self._waiting:
                        self.waits += 1
                        self._waiting = True
                        self._at(self._opened + self.window, self._wake)  # type: ignore[operator]
                    return
                self._used += 1
            self._send(self._held.popleft())

    def _wake(self) -> None:
        self._waiting = False
        self._admit()

    def _send(self, page: int) -> None:
        self.requests.append(page)
        self.most_in_flight = max(self.most_in_flight, self._busy)
        delay = self.delay()
        self.delays += delay > 0
        sent = self.now + delay
        made, travels = self.latency()
        self._at(sent, lambda: self._leave(page, sent, made, travels))

    def _leave(self, page: int, sent: float, made: float, travels: float) -> None:
        idle = self.now - self._arrived if not self._travelling else 0.0
        again = not self._answered.isdisjoint(self._under_way)
        if self.between is not None and idle > reading.TOGETHER and not again:
            self.between(self.rows)
        self._travelling += 1
        self._at(sent + made, lambda: self._answer(page, sent, travels))

    def _answer(self, page: int, sent: float, travels: float) -> None:
        if self._opened is None:
            self._opened = self.now
        start = (page - 1) * self.size
        rows = [Row(each) for each in self.rows[start : start + self.size]]
        more = "more" if len(self.rows) > start + self.size else None
        arrived = self.now + travels
        self._at(arrived, lambda: self._arrive(Reading(page, Page(page, rows, more), sent, arrived)))

    def _arrive(self, answer: Reading[Page]) -> None:
        self._busy -= 1
        self._travelling -= 1
        self._arrived = self.now
        self._answered.add(answer.page)
        self._under_way.discard(answer.page)
        self.walk.arrived(answer)
        self._work()

    def _at(self, moment: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._numbers), event))

    def _step(self) -> None:
        moment, _, event = heapq.heappop(self._events)
        self.now = max(self.now, moment)
        event()

    def _pass(self, seconds: float) -> None:
        end = self.now + seconds
        while self._events and self._events[0][0] <= end:
            self._step()
        self.now = end


def changes(
    chance: random.Random, deleted: float, added: float, order: str, minutes: float = 15
) -> list[tuple[float, Change]]:
    """Draws deletions and additions per minute, at random moments; the order decides where rows are added."""
    numbers = itertools.count(ADDED)

    def delete(rows: list[int]) -> None:
        if rows:
            del rows[chance.randrange(len(rows))]

    def add(rows: list[int]) -> None:
        place = {"newest": 0, "oldest": len(rows), "name": chance.randrange(len(rows) + 1)}[order]
        rows.insert(place, next(numbers))

    drawn: list[tuple[float, Change]] = []
    for rate, change in ((deleted, delete), (added, add)):
        drawn += [(chance.uniform(0, minutes * 60), change) for _ in range(round(rate * minutes))]
    return drawn


def at_once(moment: float, count: int) -> list[tuple[float, Change]]:
    """Draws a deletion of the first rows at one moment."""

    def delete(rows: list[int]) -> None:
        del rows[:count]

    return [(moment, delete)]


PRESETS: dict[str, Callable[[random.Random], list[tuple[float, Change]]]] = {
    "2 deleted a minute": lambda chance: changes(chance, 2, 0, "newest"),
    "2 and 2, newest first": lambda chance: changes(chance, 2, 2, "newest"),
    "2 and 2, oldest first": lambda chance: changes(chance, 2, 2, "oldest"),
    "2 and 2, by name": lambda chance: changes(chance, 2, 2, "name"),
    "20 and 20, newest first": lambda chance: changes(chance, 20, 20, "newest"),
    "20 and 20, oldest first": lambda chance: changes(chance, 20, 20, "oldest"),
    "20 and 20, by name": lambda chance: changes(chance, 20, 20, "name"),
    "40 deleted in a wait": lambda chance: at_once(chance.uniform(200, 235), 40),
}


def _latency(chance: random.Random) -> tuple[float, float]:
    return chance.uniform(0.01, 0.04), chance.uniform(0.01, 0.04)


def _delay(chance: random.Random, retried: float) -> float:
    return chance.uniform(0.5, 4.0) if chance.random() < retried else 0.0


MODES: dict[str, dict[str, Any]] = {
    "nothing read again": {"together": float("inf")},
    "this client": {},
    "one at a time": {"concurrency": 1},
    "0.5 s a page": {"pace": lambda: 0.5},
    "2 s a page": {"pace": lambda: 2.0},
    "1 in 50 retried": {"retried": 0.02},
    "certain": {"certain": True},
}


def table(listings: int) -> Iterator[str]:
    """Lists 600 pages several times in each preset and mode; yields a line for each."""
    for preset, mode in itertools.product(PRESETS, MODES):
        lost: list[int] = []
        requests = seconds = 0.0
        for seed in range(listings):
            chance = random.Random(f"{preset} {seed}")
            settings = {"together": 1.0, "certain": False, "retried": 0.0} | MODES[mode]
            reading.TOGETHER = settings.pop("together")
            options, retried = Options(certain=settings.pop("certain")), settings.pop("retried")
            model = Model(
                list(range(9000)),
                changes=PRESETS[preset](chance),
                latency=partial(_latency, chance),
                delay=partial(_delay, chance, retried),
                **settings,
            )
            given = set(model.list(options))
            lost.append(sum(row not in given for row in model.rows if row < ADDED))
            requests += len(model.requests) / listings
            seconds += model.now / listings
        mean = sum(lost) / listings
        found = f"lost {mean:6.2f} (most {max(lost):3}), {requests:6.1f} requests, {seconds:6.1f} s"
        yield f"{preset:24} {mode:18} {found}"


if __name__ == "__main__":
    for line in table(int(sys.argv[1]) if len(sys.argv) > 1 else 20):
        print(line, flush=True)
