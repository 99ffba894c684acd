"""Events that can happen at any moment: nothing is lost, nothing leaks, nothing hangs."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest
from mijnklantportaal_api.api.customers_api import list_customers

import mijnklantportaal
from mijnklantportaal import AsyncMijnKlantportaal, ClosedError, MijnKlantportaal
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Delay
from tests import processes
from tests.processes import PATIENCE
from tests.support import KEY, assert_threads_end

PAGES, DEADLINE = "mijnklantportaal-pages", "mijnklantportaal-deadline"
LISTINGS = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 100


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(customers=100, limit=None) as running:
        yield running


def portal_of(sandbox: Sandbox, concurrency: int = 8) -> MijnKlantportaal:
    return MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency)


def aportal_of(sandbox: Sandbox, concurrency: int = 8) -> AsyncMijnKlantportaal:
    return AsyncMijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url, concurrency=concurrency)


class Failed(BaseException):
    """Not an `Exception`, like what `pytest.fail()` raises."""


def envelope(request: httpx.Request) -> httpx.Response:
    """Four pages of one customer each."""
    page = int(request.url.params["page"])
    rows = [{"id": f"cst_{page}"}] if page <= 4 else []
    more = "more" if page < 4 else None
    return httpx.Response(200, json={"current_page": page, "data": rows, "next_page_url": more})


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0


def test_after_many_listings_there_is_no_more_of_anything_than_after_a_few(sandbox: Sandbox) -> None:
    """Complete ones, and ones that end while pages are in flight."""

    def list_often(portal: MijnKlantportaal, times: int) -> tuple[int, int]:
        for number in range(times):
            for count, _ in enumerate(portal.list_customers()):
                if count == 15 * (number % 8) + 1:
                    break
        assert_threads_end(PAGES)
        return sum(thread.name == DEADLINE for thread in threading.enumerate()), open_files()

    with portal_of(sandbox) as portal:
        _, few = list_often(portal, 10)
        threads, many = list_often(portal, LISTINGS)
        assert threads <= 1
        assert many <= few + 2 * 8  # both ends of each connection are here
        assert sandbox.max_in_flight <= 8
        assert [customer.id for customer in portal.list_customers()] == sandbox.ids()
    assert_threads_end(PAGES, DEADLINE)


def test_after_many_async_listings_there_is_no_more_of_anything(sandbox: Sandbox) -> None:
    async def list_often(portal: AsyncMijnKlantportaal, times: int) -> int:
        for number in range(times):
            async with aclosing(aiter(portal.list_customers())) as customers:  # type: ignore[type-var]
                count = 0
                async for _ in customers:
                    count += 1
                    if count > 15 * (number % 8):
                        break
            assert len(asyncio.all_tasks()) <= 1 + 8
        return open_files()

    async def run() -> None:
        async with aportal_of(sandbox) as portal:
            few = await list_often(portal, 10)
            many = await list_often(portal, LISTINGS * 3 // 10)
            assert many <= few + 2 * 8  # both ends of each connection are here
            assert [each.id async for each in portal.list_customers()] == sandbox.ids()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    threads = threading.active_count()
    asyncio.run(run())
    assert threading.active_count() <= threads
    assert sandbox.max_in_flight <= 8


def test_what_is_cancelled_keeps_its_place_until_answered_and_its_connection() -> None:
    sent: list[httpx.Request] = []

    async def run() -> None:
        asked, answer = asyncio.Event(), asyncio.Event()

        async def serve(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            asked.set()
            await answer.wait()
            return envelope(request)

        async with AsyncMijnKlantportaal(
            api_key=KEY, transport=httpx.MockTransport(serve), concurrency=1
        ) as portal:
            first = asyncio.create_task(list_customers.asyncio(client=portal.client, page=4))
            await asked.wait()
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            second = asyncio.create_task(list_customers.asyncio(client=portal.client, page=4))
            for _ in range(20):
                await asyncio.sleep(0)
            assert len(sent) == 1  # the second waits for its turn
            answer.set()
            assert await second
        assert len(sent) == 2

    asyncio.run(run())


def test_closing_an_async_portal_ends_what_nobody_waits_for_any_more() -> None:
    async def run() -> None:
        asked, ended = asyncio.Event(), asyncio.Event()

        async def serve(request: httpx.Request) -> httpx.Response:
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            raise AssertionError

        portal = AsyncMijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(serve))
        before = asyncio.create_task(list_customers.asyncio(client=portal.client))
        await asked.wait()
        before.cancel()
        await asyncio.gather(before, return_exceptions=True)
        await portal.aclose()
        assert ended.is_set()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_a_call_that_is_cancelled_after_the_portal_was_closed_leaves_nothing() -> None:
    async def run() -> None:
        asked = asyncio.Event()

        async def serve(request: httpx.Request) -> httpx.Response:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

        portal = AsyncMijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(serve))
        call = asyncio.create_task(list_customers.asyncio(client=portal.client))
        await asked.wait()
        await portal.aclose()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        for _ in range(5):
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


@pytest.mark.parametrize("error", [asyncio.CancelledError, Failed])
def test_whatever_a_transport_raises_ends_the_listing(error: type[BaseException]) -> None:
    async def run() -> None:
        async def serve(request: httpx.Request) -> httpx.Response:
            if request.url.params["page"] != "1":
                raise error
            return httpx.Response(
                200, json={"current_page": 1, "data": [{"id": "a"}], "next_page_url": "more"}
            )

        async with (
            asyncio.timeout(PATIENCE),
            AsyncMijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(serve)) as portal,
        ):
            customers = aiter(portal.list_customers())
            assert (await anext(customers)).id == "a"
            await anext(customers)

    with pytest.raises(error):
        asyncio.run(run())


def test_a_portal_belongs_to_one_event_loop() -> None:
    async def count() -> int:
        return len([customer async for customer in portal.list_customers()])

    portal = AsyncMijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(envelope))
    assert asyncio.run(count()) == 4
    with pytest.raises(ClosedError, match="event loop that it was first used in; create one in each"):
        asyncio.run(count())
    asyncio.run(portal.aclose())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_async_portal_says_so() -> None:
    portal = AsyncMijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(envelope))
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(list_customers.asyncio(client=portal.client))
        except ClosedError:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


INTERRUPTED = """
import _thread, random, signal, threading, time
import httpx
from mijnklantportaal import MijnKlantportaal

def raise_within_a_listing(number, frame):
    while frame:
        if "mijnklantportaal" in frame.f_code.co_filename:
            raise KeyboardInterrupt
        frame = frame.f_back

signal.signal(signal.SIGINT, raise_within_a_listing)  # elsewhere, the loop below could not catch it

def serve(request):
    page = int(request.url.params["page"])
    return httpx.Response(200, json={
        "current_page": page, "data": [{"id": str(page)}], "next_page_url": "more" if page < 20 else None})

def interrupt():
    for _ in range(400):
        time.sleep(random.random() / 500)
        _thread.interrupt_main()
    over.set()

over = threading.Event()
portal = MijnKlantportaal(api_key="invented", transport=httpx.MockTransport(serve), concurrency=1)
interrupting = threading.Thread(target=interrupt, daemon=True)
interrupted = 0
while True:
    try:
        if not interrupting.ident:
            interrupting.start()
        while not over.is_set():
            list(portal.list_customers())
        found = [customer.id for customer in portal.list_customers()]
        break
    except KeyboardInterrupt:
        interrupted += 1
print(interrupted > 100, len(found))
"""


def test_ctrl_c_at_any_moment_uses_up_no_place() -> None:
    """With one place, the last listing would wait forever if it were lost."""
    # Without coverage, whose lock stays held after an interrupt.
    environment = processes.unmeasured(os.environ)
    done = processes.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, env=environment)
    assert (done.stdout, done.returncode) == ("True 20\n", 0), done.stderr


SOURCE = str(Path(mijnklantportaal.__file__).parent)


@pytest.mark.parametrize("every", [7, 31])
def test_a_listing_can_be_collected_within_any_line(every: int) -> None:
    """The garbage collector can close an unfinished listing in a thread that holds one of our locks."""

    def left_open() -> Iterator[object]:
        listing = iter(portal.list_customers())
        for _ in range(2):
            next(listing)
        return listing

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(SOURCE):
            return None
        if event == "line" and next(lines) % every == 0 and left:
            left.pop().close()  # type: ignore[attr-defined]
        return trace

    lines = itertools.count()
    transport = httpx.MockTransport(envelope)
    with MijnKlantportaal(api_key=KEY, transport=transport, concurrency=2) as portal:
        left = [left_open() for _ in range(100)]
        before, before_in_threads = sys.gettrace(), threading.gettrace()
        threading.settrace(trace)
        sys.settrace(trace)
        try:
            while left:
                assert len(list(portal.list_customers())) == 4
        finally:
            sys.settrace(before)
            threading.settrace(before_in_threads)
        assert_threads_end(PAGES)
        assert len(list(portal.list_customers())) == 4


def test_a_listing_in_a_cycle_is_collected_while_its_pages_are_on_their_way(sandbox: Sandbox) -> None:
    sandbox.reset(customers=300, faults=lambda request: Delay(0.01))
    with portal_of(sandbox, 4) as portal:
        for _ in range(10):
            cycle: list[object] = [iter(portal.list_customers())]
            cycle.append(cycle)
            for _ in range(31):
                next(cycle[0])  # type: ignore[call-overload]
            del cycle
            gc.collect()
        assert [customer.id for customer in portal.list_customers()] == sandbox.ids()
    assert sandbox.max_in_flight <= 4


EXITS = """
import sys, threading
from mijnklantportaal import MijnKlantportaal
portal = MijnKlantportaal(api_key=sys.argv[1], base_url=sys.argv[2])
customers = iter(portal.list_customers())
for _ in range(31):
    next(customers)
print("listed")
"""


def test_the_interpreter_exits_with_answers_under_way(sandbox: Sandbox) -> None:
    sandbox.reset(faults=lambda request: Delay(600) if (request.page or 0) > 3 else None)
    done = processes.run(
        [sys.executable, "-c", EXITS, sandbox.api_key, sandbox.base_url], capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("listed\n", 0), done.stderr


def test_connections_that_five_listings_open(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    made = httpx.HTTPTransport.__init__

    def counted(self: httpx.HTTPTransport, *args: Any, **options: Any) -> None:
        opened.append(self)
        made(self, *args, **options)

    monkeypatch.setattr(httpx.HTTPTransport, "__init__", counted)
    with portal_of(sandbox) as portal:
        for _ in range(5):
            assert len(list(portal.list_customers())) == 100
    assert len(opened) <= 8


def test_a_lost_answer_that_nobody_waits_for_is_not_retried() -> None:
    asked, answer = threading.Event(), threading.Event()
    sent: list[str] = []

    def serve(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.params["page"])
        if sent[-1] != "3":
            return envelope(request)
        asked.set()
        assert answer.wait(30)
        raise httpx.ReadError("lost")

    with MijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(serve), concurrency=2) as portal:
        customers = iter(portal.list_customers())
        next(customers), next(customers)
        assert asked.wait(30)
        customers.close()  # type: ignore[attr-defined]
        answer.set()
        assert_threads_end(PAGES)
    assert sent.count("3") == 1


def test_an_interrupt_in_a_callers_transport_comes_through() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    with MijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(serve)) as portal:
        with pytest.raises(KeyboardInterrupt):
            list(portal.list_customers())
