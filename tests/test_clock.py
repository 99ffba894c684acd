"""The clock of real use: what ends its waits. None of them is waited out here."""

from __future__ import annotations

import asyncio

import pytest

from mijnklantportaal.exchange import Abandoned, Wanted, opened_exchange
from mijnklantportaal.transport.clock import Clock


def test_the_end_of_the_listing_ends_a_wait_at_once() -> None:
    wanted = Wanted()
    wanted.abandon()
    with opened_exchange(wanted), pytest.raises(Abandoned):
        Clock(None).sleep(3600)


def test_a_wait_for_any_time_at_all_is_taken() -> None:
    Clock(None).sleep(0)
    wanted = Wanted()
    wanted.abandon()
    with opened_exchange(wanted), pytest.raises(Abandoned):
        Clock(None).sleep(float("inf"))


def test_cancellation_ends_a_wait_at_once() -> None:
    async def run() -> None:
        wait = asyncio.create_task(Clock(None).asleep(3600))
        await asyncio.sleep(0)
        wait.cancel()
        with pytest.raises(asyncio.CancelledError):
            await wait

    asyncio.run(run())


def test_time_goes_on() -> None:
    clock = Clock(None)
    assert clock.monotonic() <= clock.monotonic()
    assert clock.time() > 1_600_000_000
