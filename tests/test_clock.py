"""The real clock: what ends its waits."""

from __future__ import annotations

import asyncio
from queue import SimpleQueue

import pytest

from mijnklantportaal.testing import no_waits
from mijnklantportaal.transport.clock import Clock


@pytest.mark.parametrize("seconds", [3600, float("inf")])
def test_being_woken_ends_a_wait_at_once(seconds: float) -> None:
    clock, woken, awoken = Clock(None), SimpleQueue[None](), asyncio.Event()
    woken.put(None)
    clock.sleep(clock.monotonic() + seconds, woken)
    awoken.set()
    asyncio.run(clock.asleep(clock.monotonic() + seconds, awoken))
    assert not awoken.is_set()


def test_a_wait_that_is_over_is_none() -> None:
    clock = Clock(None)
    clock.sleep(clock.monotonic() - 1, SimpleQueue())
    asyncio.run(clock.asleep(clock.monotonic() - 1, asyncio.Event()))


def test_cancellation_ends_a_wait_at_once() -> None:
    async def run() -> None:
        clock = Clock(None)
        wait = asyncio.create_task(clock.asleep(clock.monotonic() + 3600, asyncio.Event()))
        await asyncio.sleep(0)
        wait.cancel()
        with pytest.raises(asyncio.CancelledError):
            await wait

    asyncio.run(run())


def test_time_goes_on() -> None:
    clock = Clock(None)
    assert clock.monotonic() <= clock.monotonic()
    assert clock.time() > 1_600_000_000


def test_without_waits_time_is_put_forward() -> None:
    clock = Clock(None)
    began, then = clock.monotonic(), clock.time()
    with no_waits() as time:
        with no_waits():
            clock.sleep(began + 3600, SimpleQueue())
        asyncio.run(clock.asleep(began + 7200, asyncio.Event()))
        assert began + 7200 <= clock.monotonic() <= began + 7260
        assert then + 7200 <= time() <= then + 7260
    assert began + 7200 <= clock.monotonic()
