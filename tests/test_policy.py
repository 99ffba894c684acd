"""The policy: one limit for all waits of a request, and no 429 if the end of the window is known."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from functools import partial
from random import Random

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mijnklantportaal import ClosedError, RateLimitError, RequestError, ServerError, Wait
from mijnklantportaal.quota import Pause, Quota, Ticket
from mijnklantportaal.sandbox.window import FixedWindow
from mijnklantportaal.transport.policy import Outcome, Policy, Send, Sleep
from mijnklantportaal.transport.settings import Settings
from tests.support import KEY, FakeClock, FakeTime


def responded(status: int, retry_after: float | None = None) -> httpx.Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return httpx.Response(status, headers=headers, request=httpx.Request("GET", "https://api.example.nl/v1"))


outcomes = st.one_of(
    st.builds(responded, st.sampled_from([429, 503]), st.none() | st.floats(0, 90)),
    st.builds(responded, st.sampled_from([200, 404, 500])),
    st.builds(httpx.ReadTimeout, st.just("late")),
    st.builds(httpx.ConnectError, st.just("refused")),
)


class Simulated:
    """A policy whose requests this class sends, with a clock that only advances during waits."""

    def __init__(self, *, max_wait: float = 300, max_retries: int = 4, concurrency: int = 8) -> None:
        self.time = FakeTime()
        self.waits: list[Wait] = []
        self.policy = Policy(
            Settings(
                api_key=KEY,
                base_url=httpx.URL("https://api.example.nl/v1"),
                concurrency=concurrency,
                max_wait=max_wait,
                max_retries=max_retries,
                deadline=math.inf,
                max_body_size=2**20,
                clock=FakeClock(self.time, self.waits.append),
            )
        )

    def elsewhere(self, outcome: Outcome) -> None:
        """Sends another request of the portal, if allowed, with this outcome."""
        steps = self.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), lambda: None)
        with suppress(RateLimitError):
            step = next(steps)
            if isinstance(step, Send):
                self.policy.settle(step, outcome)
        steps.close()


@given(
    max_wait=st.floats(0, 200),
    mine=st.lists(outcomes, max_size=30),
    others=st.lists(st.none() | outcomes, max_size=60),
    method=st.sampled_from(["GET", "POST"]),
)
@example(max_wait=3, mine=[responded(429, 1), responded(503, 2)] * 5, others=[], method="GET")
@example(max_wait=300, mine=[], others=[responded(429, 110)] * 5, method="GET")
def test_a_request_waits_as_long_as_it_has_patience_whoever_began_the_wait(
    max_wait: float, mine: list[Outcome], others: list[Outcome | None], method: str
) -> None:
    simulated = Simulated(max_wait=max_wait)
    sent, retries = 0, 0.0
    waited = 0.0
    steps = simulated.policy.steps(httpx.Request(method, "https://api.example.nl/v1"), lambda: None)
    outcome: Outcome | None = None
    try:
        while True:
            if others and (other := others.pop()) is not None:
                simulated.elsewhere(other)
                simulated.waits.clear()
            step = steps.send(outcome)
            retries += sum(wait.seconds for wait in simulated.waits if wait.kind == "retry")
            simulated.waits.clear()
            if isinstance(step, Send):
                outcome = mine[sent] if sent < len(mine) else responded(200)
                sent += 1
                simulated.policy.settle(step, outcome)
            else:
                assert isinstance(step, Sleep)
                waited += step.until - simulated.time()
                simulated.time.pass_(step.until - simulated.time())
    except StopIteration as stop:
        end = stop.value.status_code
    except RequestError as error:
        end = error.attempts
    assert end in {200, sent}
    assert waited - retries <= max_wait + 1e-3
    assert len([each for each in mine[:sent] if getattr(each, "status_code", 0) != 429]) <= 5


def test_patience_is_spent_on_waits_that_others_began() -> None:
    simulated = Simulated(max_wait=100)
    steps = simulated.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), lambda: None)
    for _ in range(2):
        simulated.elsewhere(responded(429, 39))
        step = next(steps)
        assert isinstance(step, Sleep)
        simulated.time.pass_(40)
    simulated.elsewhere(responded(429, 39))
    with pytest.raises(RateLimitError, match="waiting 40 s more would exceed max_wait"):
        next(steps)


def test_a_wait_is_announced_once_for_everybody() -> None:
    simulated = Simulated()
    simulated.elsewhere(responded(429, 10))
    for _ in range(2):
        steps = simulated.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), lambda: None)
        assert isinstance(next(steps), Sleep)
    assert [(wait.kind, wait.seconds) for wait in simulated.waits] == [("rate_limit", 11)]


def test_maintenance_that_a_request_has_no_patience_left_for_is_its_error() -> None:
    simulated = Simulated(max_wait=10)
    steps = simulated.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), lambda: None)
    for _ in range(2):
        step = next(steps)
        assert isinstance(step, Send)
        simulated.policy.settle(step, responded(503, 6))
        if step.ticket.number == 1:
            assert isinstance(steps.send(responded(503, 6)), Sleep)
            simulated.time.pass_(6)
    with pytest.raises(ServerError, match="503") as caught:
        steps.send(responded(503, 6))
    assert caught.value.attempts == 2


def test_a_backoff_is_at_most_8_seconds() -> None:
    simulated = Simulated(max_retries=12)
    steps = simulated.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), lambda: None)
    step = next(steps)
    for _ in range(12):
        assert isinstance(step, Send)
        simulated.policy.settle(step, responded(500))
        step = steps.send(responded(500))
        assert isinstance(step, Sleep)
        simulated.time.pass_(step.until - simulated.time())
        step = next(steps)
    assert 4 <= max(wait.seconds for wait in simulated.waits) <= 8
    assert simulated.waits[-1].reason == "the API responded with 500, attempt 12 of 13"


def test_closing_a_portal_ends_every_wait_and_nothing_more_is_sent() -> None:
    simulated = Simulated(concurrency=1)
    woken: list[str] = []
    retried, queued, new = (
        simulated.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), partial(woken.append, name))
        for name in ("retried", "queued", "new")
    )
    first = next(retried)
    assert isinstance(first, Send)
    assert next(queued) == Sleep(math.inf)
    simulated.policy.settle(first, responded(503, 60))
    assert isinstance(retried.send(responded(503, 60)), Sleep)
    assert isinstance(next(queued), Send)
    simulated.policy.close()
    assert len(woken) == 2
    for steps in (retried, new):
        with pytest.raises(ClosedError):
            next(steps)
    with pytest.raises(StopIteration):  # it was sent before
        queued.send(responded(200))


def test_a_request_that_is_dropped_on_its_way_holds_no_place() -> None:
    """As Ctrl-C can drop it, at any line."""
    simulated = Simulated(concurrency=1)
    woken: list[str] = []
    first = simulated.policy.steps(httpx.Request("GET", "https://api.example.nl/v1"), lambda: None)
    second = simulated.policy.steps(
        httpx.Request("GET", "https://api.example.nl/v1"), lambda: woken.append("second")
    )
    assert isinstance(next(first), Send)
    assert next(second) == Sleep(math.inf)
    first.close()
    assert woken == ["second"]
    assert isinstance(next(second), Send)


def test_what_was_given_up_and_then_answered_counts_once() -> None:
    quota, ticket = Quota(1), Ticket()
    assert quota.admit(ticket, 0) == "now"
    quota.lost(ticket)
    quota.responded(ticket, 200, {"x-ratelimit-remaining": "5"}, 0, 0)
    assert quota.left is None
    assert quota.admit(Ticket(), 0) == "now"


class Api:
    """The rate limit of Laravel, and one key's requests to it in simulated time."""

    def __init__(self, limit: int, length: float, random: Random, *, date: bool = True) -> None:
        self.window = FixedWindow(limit, length)
        self.random, self.date = random, date
        self.openings: list[float] = []
        self.ends: list[float] = []
        self.rejected = 0

    def answer(self, now: float) -> tuple[int, dict[str, str]]:
        end = self.window._ends
        if now >= end:
            self.openings.append(now)
            self.ends.append(end)
        allowed = self.window.take(now)
        headers = {
            name.lower(): value for name, value in self.window.headers(now, rejected=not allowed).items()
        }
        if self.date:
            headers["date"] = formatdate(math.floor(now), usegmt=True)
        if allowed:
            return 200, headers
        self.rejected += 1
        return 429, headers


def send_all(api: Api, requests: int, concurrency: int, latency: float, start: float) -> float:
    """Sends requests, the first alone, each again after a 429; returns when the last response came."""
    quota, order = Quota(concurrency), itertools.count()
    events: list[tuple[float, int, Callable[[float], None]]] = []
    left, sent = requests, 0

    def at(moment: float, what: Callable[[float], None]) -> None:
        heapq.heappush(events, (moment, next(order), what))

    def send(now: float) -> None:
        nonlocal left, sent
        while left and (sent == 0 or quota.left is not None):
            ticket = Ticket()
            turn = quota.admit(ticket, now)
            if isinstance(turn, Pause):
                at(turn.until, send)
            if turn != "now":
                return
            left, sent = left - 1, sent + 1
            at(now + api.random.uniform(0, latency) / 2, partial(arrive, ticket))

    def arrive(ticket: Ticket, now: float) -> None:
        status, headers = api.answer(now)
        at(now + api.random.uniform(0, latency) / 2, partial(responded, ticket, status, headers))

    def responded(ticket: Ticket, status: int, headers: dict[str, str], now: float) -> None:
        nonlocal left
        quota.responded(ticket, status, headers, now, now)
        left += status == 429
        send(now)

    now = start
    at(start, send)
    while events:
        now, _, what = heapq.heappop(events)
        what(now)
    assert left == 0
    return now


@given(
    limit=st.integers(1, 70),
    length=st.sampled_from([5, 60, 3600]),
    windows=st.integers(1, 4),
    concurrency=st.integers(1, 16),
    latency=st.floats(0.001, 0.09),
    start=st.floats(1_795_357_381, 1_795_357_383),
    seed=st.integers(0, 1000),
)
def test_alone_on_the_key_one_429_in_all_and_every_window_begins_on_time(
    limit: int, length: int, windows: int, concurrency: int, latency: float, start: float, seed: int
) -> None:
    api = Api(limit, length, Random(seed))
    ended = send_all(api, limit * windows + 1, concurrency, latency, start)
    assert api.rejected <= 1
    late = [opened - end for opened, end in zip(api.openings[1:], api.ends[1:], strict=True)]
    assert all(0 <= each <= 0.1 for each in late)
    # Within a window, requests take turns as latency and concurrency allow.
    assert ended - start <= windows * (length + 0.1) + (limit + 2) * latency


@given(limit=st.integers(1, 20), concurrency=st.integers(1, 8), seed=st.integers(0, 1000))
def test_without_dates_each_429_is_waited_out(limit: int, concurrency: int, seed: int) -> None:
    api = Api(limit, 60, Random(seed), date=False)
    send_all(api, limit * 3 + 1, concurrency, 0.05, 1_795_357_381.5)
    assert 3 <= api.rejected <= 3 * 2


def test_a_window_that_somebody_else_opened_is_not_believed() -> None:
    """Another client uses the key before, and once in the middle: one 429 per window."""
    api = Api(10, 60, Random(0))
    api.answer(1_795_357_380.0)
    send_all(api, 35, 4, 0.05, 1_795_357_381.5)
    assert 1 <= api.rejected <= 3


def sent(quota: Quota, status: int, remaining: int, at: float, reset: float = 0) -> None:
    """Sends one request to an API that responds at once and allows three per window."""
    ticket = Ticket()
    assert quota.admit(ticket, at) == "now"
    headers = {
        "x-ratelimit-limit": "3",
        "x-ratelimit-remaining": str(remaining),
        "date": formatdate(at, usegmt=True),
    }
    if status == 429:
        headers |= {"retry-after": str(int(reset - at)), "x-ratelimit-reset": str(int(reset))}
    quota.responded(ticket, status, headers, at, at)


def test_a_window_that_somebody_else_uses_too_is_not_believed() -> None:
    quota, now = Quota(1), 1_795_357_380.0
    sent(quota, 200, 2, now)
    sent(quota, 200, 0, now)  # another client has sent one
    sent(quota, 429, 0, now, reset=now + 10)
    assert quota.admit(Ticket(), now) == Pause(now + 11)


def test_a_late_response_of_an_earlier_window_says_nothing_of_this_one() -> None:
    quota, now, slow = Quota(2), 1_795_357_380.0, Ticket()
    for remaining in (2, 1, 0):
        sent(quota, 200, remaining, now)
    sent(quota, 429, 0, now, reset=now + 10)
    sent(quota, 200, 2, now + 10)
    assert quota.admit(slow, now + 12) == "now"
    sent(quota, 200, 2, now + 21)  # in the next window
    headers = {"x-ratelimit-limit": "3", "x-ratelimit-remaining": "0"}  # another client has used it up
    quota.responded(slow, 200, headers, now + 21, now + 21)
    assert quota.admit(Ticket(), now + 21) == "now"


def test_an_end_of_the_window_that_contradicts_itself_is_not_believed() -> None:
    quota, now, ticket = Quota(1), 1_795_357_380.0, Ticket()
    for remaining in (2, 1, 0):
        sent(quota, 200, remaining, now)
    assert quota.admit(ticket, now) == "now"
    date = formatdate(now, usegmt=True)
    headers = {"date": date, "retry-after": "10", "x-ratelimit-reset": str(int(now + 500))}
    quota.responded(ticket, 429, headers, now, now)
    assert quota.admit(Ticket(), now) == Pause(now + 11)


def test_being_wrong_once_is_enough() -> None:
    """A window that is longer than the first 429 said: from then on, each 429 is waited out."""
    quota, now = Quota(1), 1_795_357_380.0
    for window in range(3):
        for remaining in (2, 1, 0):
            sent(quota, 200, remaining, now)
        if window == 0:
            sent(quota, 429, 0, now, reset=now + 10)
            assert quota.admit(Ticket(), now) == Pause(now + 10)
            now += 10
        elif window == 1:
            assert quota.admit(Ticket(), now) == Pause(now + 10)
            sent(quota, 429, 0, now + 10, reset=now + 20)
            assert quota.admit(Ticket(), now + 10) == Pause(now + 21)
            now += 21
        else:
            sent(quota, 429, 0, now, reset=now + 10)
            assert quota.admit(Ticket(), now) == Pause(now + 11)
