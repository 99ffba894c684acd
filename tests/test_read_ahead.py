"""Concurrent pages: how many, in which order, and what remains afterwards."""

from __future__ import annotations

import _thread
import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from queue import SimpleQueue

import httpx
import pytest
from mijnklantportaal_api.api.customers_api import list_customers
from mijnklantportaal_api.client import Client

from mijnklantportaal import (
    AsyncMijnKlantportaal,
    ClosedError,
    MijnKlantportaal,
    MijnKlantportaalError,
    ServerError,
    paginate,
)
from mijnklantportaal.exchange import Cancellation, Cancelled, Exchange
from mijnklantportaal.pagination.threads import Threads
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Delay, ReceivedRequest, Status, by_page
from mijnklantportaal.sandbox.server import ServerThread
from tests import processes
from tests.processes import PATIENCE
from tests.support import assert_threads_end

CONCURRENCIES = [1, 2, 3, 8, 16]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(customers=100, limit=None) as running:
        yield running


PAGES, DEADLINE = "mijnklantportaal-pages", "mijnklantportaal-deadline"


def portal_of(sandbox: Sandbox, concurrency: int) -> MijnKlantportaal:
    return MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency)


def aportal_of(sandbox: Sandbox, concurrency: int) -> AsyncMijnKlantportaal:
    return AsyncMijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency)


def list_sync(sandbox: Sandbox, concurrency: int, max_items: int | None = None) -> list[str]:
    with portal_of(sandbox, concurrency) as portal:
        return [customer.id for customer in portal.list_customers(max_items=max_items)]


def list_async(sandbox: Sandbox, concurrency: int, max_items: int | None = None) -> list[str]:
    async def run() -> list[str]:
        async with aportal_of(sandbox, concurrency) as portal:
            ids = [customer.id async for customer in portal.list_customers(max_items=max_items)]
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return ids

    return asyncio.run(run())


@pytest.mark.parametrize("concurrency", CONCURRENCIES)
@pytest.mark.parametrize("run", [list_sync, list_async])
@pytest.mark.parametrize("customers", [0, 1, 15, 16, 30, 45, 100, 400])
def test_everybody_once_in_order_with_few_requests_too_many(
    run: type, customers: int, concurrency: int, sandbox: Sandbox
) -> None:
    sandbox.reset(customers=customers)
    assert run(sandbox, concurrency) == sandbox.ids()
    pages = max(1, -(-customers // 15))
    assert pages <= len(sandbox.requests) <= pages + min(concurrency, pages) - 1
    assert sandbox.max_in_flight <= concurrency
    assert_threads_end(PAGES, DEADLINE)


@pytest.mark.parametrize("concurrency", CONCURRENCIES)
@pytest.mark.parametrize("run", [list_sync, list_async])
@pytest.mark.parametrize("max_items", [1, 15, 16, 30, 31, 99])
def test_max_items_costs_not_one_request_extra(
    run: type, max_items: int, concurrency: int, sandbox: Sandbox
) -> None:
    assert run(sandbox, concurrency, max_items) == sandbox.ids()[:max_items]
    assert len(sandbox.requests) == -(-max_items // 15)


def test_the_first_page_alone_and_nothing_more_until_the_second_is_wanted(sandbox: Sandbox) -> None:
    with portal_of(sandbox, 8) as portal:
        iterator = iter(portal.list_customers())
        for _ in range(15):
            next(iterator)
        assert len(sandbox.requests) == 1
        next(iterator)
        assert len(sandbox.requests) >= 2


def test_pages_are_really_under_way_together(sandbox: Sandbox) -> None:
    sandbox.reset(customers=300, faults=lambda request: Delay(0.02))
    with portal_of(sandbox, 4) as portal:
        assert [customer.id for customer in portal.list_customers()] == sandbox.ids()
    assert sandbox.max_in_flight == 4


@pytest.mark.parametrize("concurrency", [1, 8])
def test_break_leaves_no_thread_and_no_request_behind(concurrency: int, sandbox: Sandbox) -> None:
    sandbox.reset(customers=1500, limit=None)
    with portal_of(sandbox, concurrency) as portal:
        for number, _ in enumerate(portal.list_customers()):
            if number == 50:
                break
        assert_threads_end(PAGES)
        assert len(sandbox.requests) < 16
    assert_threads_end(PAGES, DEADLINE)


def test_what_is_cancelled_is_not_sent_any_more(sandbox: Sandbox) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with portal_of(sandbox, 8) as portal, Exchange(cancellation):
        with pytest.raises(Cancelled):
            list_customers.sync(client=portal.client)
    assert sandbox.requests == []


def test_break_asynchronously(sandbox: Sandbox) -> None:
    async def run() -> None:
        async with aportal_of(sandbox, 8) as portal:
            async with aclosing(aiter(portal.list_customers())) as customers:  # type: ignore[type-var]
                async for _ in customers:
                    if len(sandbox.requests) > 3:
                        break
        assert asyncio.all_tasks() == {asyncio.current_task()}

    sandbox.reset(customers=1500)
    asyncio.run(run())


def test_an_error_ahead_waits_its_turn_and_one_beyond_the_end_is_nobodys(sandbox: Sandbox) -> None:
    sandbox.reset(customers=75, faults=by_page({4: Status(501), 6: Status(501), 7: Status(501)}))
    with portal_of(sandbox, 8) as portal:
        listing = portal.list_customers()
        delivered: list[str] = []
        with pytest.raises(ServerError) as caught:
            delivered.extend(customer.id for customer in listing)
        assert caught.value.page == 4
        assert listing.page == 3
        rest = portal.list_customers(start_page=5)
        assert len(list(rest)) == 15  # page 5 is the last; what happened to pages 6 and 7 does not matter


def test_a_portal_closed_under_a_listing_left_open_leaks_no_connection(sandbox: Sandbox) -> None:
    """An unclosed socket would emit a warning, which is an error here."""
    sandbox.reset(customers=300, faults=lambda request: Delay(0.02))
    for _ in range(5):
        with portal_of(sandbox, 8) as portal:
            iterator = iter(portal.list_customers())
            for _ in range(31):
                next(iterator)
        with pytest.raises(MijnKlantportaalError):
            list(iterator)
        gc.collect()


def test_page_says_where_to_resume(sandbox: Sandbox) -> None:
    with portal_of(sandbox, 8) as portal:
        listing = portal.list_customers()
        assert listing.page is None
        for number, _ in enumerate(listing):
            assert listing.page == number // 15 + 1


def test_shifted_is_said_and_logged_once(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    def insert(request: ReceivedRequest) -> None:
        sandbox.add_customers(1)

    sandbox.reset(customers=60, faults=insert)
    with portal_of(sandbox, 1) as portal:
        throughout = sandbox.ids()
        listing = portal.list_customers()
        listed = [customer.id for customer in listing]
    assert listing.shifted
    assert [each for each in listed if each in throughout] == throughout
    assert len(listed) == len(set(listed))
    assert caplog.messages == ["page 2 shows that rows were added or removed during the listing"]


def test_one_portal_listed_from_eight_threads(sandbox: Sandbox) -> None:
    sandbox.reset(customers=200)
    expected = sandbox.ids()
    found: list[list[str]] = []
    with portal_of(sandbox, 8) as portal:
        # With max_items nothing is asked for past the end and then given up: its place would be another
        # request's before the server knows.
        listing = portal.list_customers(max_items=200)
        workers = [
            threading.Thread(target=lambda: found.append([customer.id for customer in listing]))
            for _ in range(8)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(PATIENCE)
    assert found == [expected] * 8
    assert sandbox.max_in_flight <= 8


def test_a_plain_generated_client_reads_nothing_ahead(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with Client(base_url=sandbox.base_url, headers=headers) as client:
        listed = [customer.id for customer in paginate(list_customers.sync, client=client)]
    assert listed == sandbox.ids()
    assert len(sandbox.requests) == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_portal_says_so(sandbox: Sandbox) -> None:
    with portal_of(sandbox, 8) as portal:
        list(portal.list_customers())
        child = os.fork()
        if child == 0:
            try:
                list(portal.list_customers())
            except ClosedError as error:
                os._exit(0 if "create a new one after a fork" in str(error) else 2)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_listing_forked_on_its_way_says_so(sandbox: Sandbox) -> None:
    """Its threads are in the other process, so waiting for them would never end."""
    sandbox.reset(customers=300, faults=lambda request: Delay(0.05))
    with portal_of(sandbox, 8) as portal:
        customers = iter(portal.list_customers())
        for _ in range(45):
            next(customers)
        child = os.fork()
        if child == 0:
            try:
                list(customers)
            except ClosedError:
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(list(customers)) == 255


def test_cancelling_over_and_over_uses_nothing_up(sandbox: Sandbox) -> None:
    """httpcore can forget a connection when a task is cancelled; that must not use up the portal's."""

    async def run() -> None:
        async with aportal_of(sandbox, 1) as portal:
            for attempt in range(300):
                task = asyncio.create_task(list_customers.asyncio(client=portal.client))
                for _ in range(attempt % 30):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            assert len([customer async for customer in portal.list_customers()]) == 100

    asyncio.run(run())


EXIT = """
import sys
from mijnklantportaal import MijnKlantportaal
portal = MijnKlantportaal(api_key=sys.argv[1], base_url=sys.argv[2])
customers = iter(portal.list_customers())
for _ in range(61):
    next(customers)
raise KeyboardInterrupt
"""


def test_the_interpreter_exits_at_once_with_a_listing_left_open(sandbox: Sandbox) -> None:
    """Threads that wait for an hour do not delay the exit; otherwise, the test would time out."""
    sandbox.reset(customers=150, limit=5, window=200)
    done = processes.run(
        [sys.executable, "-c", EXIT, sandbox.api_key, sandbox.base_url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "KeyboardInterrupt" in done.stderr


def test_a_listing_can_end_in_one_of_its_own_threads() -> None:
    """The garbage collector can run in any thread."""

    started = threading.Event()

    def fetch(page: int, _: Cancellation) -> None:
        assert started.wait(30)
        threads.__exit__(None)
        fetched.append(page)

    fetched: list[int] = []
    threads = Threads(fetch, 1)
    with threads:
        threads.start([1])
        started.set()
        threads.wait(1)
    assert fetched == [1]


def test_a_listing_collected_where_its_threads_cannot_end_does_not_wait_for_them() -> None:
    """The garbage collector can run while a lock is held that the thread needs."""
    needed = threading.Lock()

    def fetch(page: int, _: Cancellation) -> None:
        with needed:
            fetched.append(page)

    fetched: list[int] = []
    threads = Threads(fetch, 1)
    with needed:
        threads.start([1])
        threads.__exit__(GeneratorExit)
    threads.wait(1)
    assert fetched == [1]


def test_ctrl_c_while_a_thread_starts_leaves_none_behind(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if thread.name != PAGES:
            return
        started.append(thread)
        if len(started) == 3:
            raise KeyboardInterrupt

    with portal_of(sandbox, 8) as portal:
        monkeypatch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            list(portal.list_customers())
        monkeypatch.undo()
        for thread in started:
            thread.join(30)
        assert [thread for thread in started if thread.is_alive()] == []
    assert len(started) == 3


def test_a_ctrl_c_just_before_a_wait_for_a_page_is_not_lost() -> None:
    main = threading.get_ident()
    interrupted = threading.Event()
    in_time: SimpleQueue[bool] = SimpleQueue()

    def waiting() -> bool:
        stack = traceback.extract_stack(sys._current_frames()[main])
        files = [Path(frame.filename).name for frame in stack if frame.name == "wait"]
        return files[:1] + files[-1:] == ["threads.py", "threading.py"]

    def fetch(page: int, _: Cancellation) -> None:
        while not waiting():
            time.sleep(0)
        _thread.interrupt_main()  # like a signal before the wait, it does not end the wait
        in_time.put(interrupted.wait(PATIENCE))

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threads = Threads(fetch, 1)
        threads.start([1])
        with threads, pytest.raises(KeyboardInterrupt):
            threads.wait(1)
        interrupted.set()
        assert in_time.get(timeout=PATIENCE)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_wait_for_a_turn_ends_with_the_listing_and_what_was_sent_keeps_its_place() -> None:
    asked, answer = threading.Event(), threading.Event()
    sent: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        asked.set()
        assert answer.wait(30)
        return httpx.Response(200, json={"current_page": 1, "data": [], "next_page_url": None})

    def fetch(cancellation: Cancellation) -> None:
        with Exchange(cancellation), pytest.raises(Cancelled):
            list_customers.sync(client=portal.client)
        ended.append(cancellation)

    ended: list[Cancellation] = []
    first, second = Cancellation(), Cancellation()
    with MijnKlantportaal(api_key="x", transport=httpx.MockTransport(serve), concurrency=1) as portal:
        with ThreadPoolExecutor() as pool:
            pool.submit(list_customers.sync, client=portal.client)
            assert asked.wait(30)
            waiting = pool.submit(fetch, second)  # only one may be in flight
            second.cancel()
            waiting.result(30)
            assert ended == [second]
            answer.set()
        first.cancel()
        fetch(first)
    assert len(sent) == 1


@pytest.mark.parametrize("run", [list_sync, list_async])
@pytest.mark.parametrize("concurrency", [1, 4])
def test_connections_are_used_again(
    run: Callable[[Sandbox, int], list[str]],
    concurrency: int,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[object] = []
    converse = ServerThread._converse

    async def counted(self: ServerThread, client: socket.socket) -> None:
        made.append(client)
        await converse(self, client)

    monkeypatch.setattr(ServerThread, "_converse", counted)
    assert run(sandbox, concurrency) == sandbox.ids()
    assert 1 <= len(made) <= concurrency
