"""Scheduled changes, and the order of lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal.sandbox import Change, Sandbox
from tests.sandbox.helpers import Clock, list_ids, served

ORDERS = ["newest", "oldest", "name"]


def test_a_change_by_request_comes_just_before_its_response() -> None:
    changes = [Change(request=2, add=1, at=0), Change(request=3, remove=2, at=1)]
    with served(customers=20, changes=changes) as (sandbox, client):
        first = sandbox.ids()
        assert [row["id"] for row in client.get("/customers").json()["data"]] == first[:15]
        client.get("/nowhere")  # counts as a request like any other
        (new,) = set(sandbox.ids()) - set(first)
        assert sandbox.ids() == [new, *first]
        assert list_ids(client) == sandbox.ids() == [new, *first[2:]]


def test_a_change_by_second_follows_the_clock_of_the_sandbox() -> None:
    clock = Clock()
    changes = [Change(second=90, remove=1, at=0), Change(second=30, remove=40)]
    with served(customers=100, clock=clock, changes=changes) as (sandbox, client):
        clock.now += 1_000  # nobody has asked yet
        client.get("/customers")
        clock.now += 29.9
        client.get("/customers")
        assert len(sandbox.ids()) == 100
        clock.now += 0.1
        assert len(sandbox.ids()) == 100
        client.get("/customers")
        assert len(sandbox.ids()) == 60
        clock.now += 1_000
        client.get("/customers")
        client.get("/customers")
        assert len(sandbox.ids()) == 59


def test_changes_due_during_a_wait_are_made_in_the_order_given() -> None:
    clock = Clock()
    one_more = Change(second=1, add=1, at=0)
    changes = [one_more, Change(request=2, remove=1, at=0), one_more]
    with served(customers=2, clock=clock, changes=changes) as (sandbox, client):
        first = sandbox.ids()
        client.get("/customers")
        clock.now += 60
        client.get("/customers")
        assert sandbox.ids()[1:] == first
        assert len(sandbox.ids()) == 3


def course(seed: int, order: Any) -> tuple[list[str], list[str]]:
    changes = [Change(request=n, remove=2, add=1) for n in range(2, 8)]
    with served(customers=60, seed=seed, order=order, changes=changes) as (sandbox, client):
        return list_ids(client), sandbox.ids()


@pytest.mark.parametrize("order", ORDERS)
def test_the_seed_decides_which_rows_are_deleted(order: Any) -> None:
    given, left = course(1, order)
    assert (given, left) == course(1, order)
    assert left != course(2, order)[1]
    start = Sandbox(customers=60, seed=1, order=order).ids()
    positions = [start.index(gone) for gone in set(start) - set(left)]
    assert max(positions) - min(positions) > len(positions)  # from all over the list


def test_reset_restarts_the_schedule() -> None:
    with served(customers=3, changes=[Change(request=1, remove=1)]) as (sandbox, client):
        for _ in range(2):
            assert len(sandbox.ids()) == 3
            client.get("/customers")
            assert len(sandbox.ids()) == 2
            sandbox.reset()


def test_at_most_all_rows_are_deleted() -> None:
    with served(customers=3, changes=[Change(request=1, remove=9, add=1)]) as (sandbox, client):
        assert list_ids(client) == sandbox.ids()
        assert len(sandbox.ids()) == 1


@given(st.integers(0, 40), st.lists(st.integers(1, 9), max_size=4), st.integers(0, 5))
def test_a_list_by_name_stays_sorted_after_changes(customers: int, added: list[int], removed: int) -> None:
    sandbox = Sandbox(customers=customers, order="name")
    for count in added:
        before = sandbox.ids()
        new = sandbox.add_customers(count)
        assert new == [each for each in sandbox.ids() if each not in before]
        sandbox.remove_customers(removed, 1)
    names = [sandbox.customer(position)["companyName"] for position in range(len(sandbox.ids()))]
    assert names == sorted(names)
    assert len(names) == len(set(sandbox.ids()))


def test_rows_can_be_added_anywhere_in_a_list_by_name() -> None:
    sandbox = Sandbox(customers=5, order="name")
    assert sandbox.add_customers(2, at=1) == sandbox.ids()[1:3]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"request": 1, "second": 1},
        {"request": 1, "remove": -1},
        {"request": 1, "add": -1},
        {"second": 1, "at": -1},
    ],
)
def test_an_invalid_change(options: Any) -> None:
    with pytest.raises(ValueError, match="a change"):
        Change(**options)
