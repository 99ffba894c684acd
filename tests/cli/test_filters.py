"""Which customers a filter keeps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mijnklantportaal.cli.filters import Filter

APRIL = (datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 4, 30, tzinfo=UTC))
MAY_1 = (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC))


def customer(**fields: object) -> dict[str, object]:
    return {"id": "cst_1", **fields}


def test_an_empty_filter_keeps_all() -> None:
    assert Filter().keeps(customer())


@pytest.mark.parametrize(
    ("fields", "kept"), [({}, False), ({"customerGroups": []}, False), ({"customerGroups": ["b", "c"]}, True)]
)
def test_one_of_the_groups(fields: dict[str, object], kept: bool) -> None:
    assert Filter(("a", "b")).keeps(customer(**fields)) is kept


@pytest.mark.parametrize(
    ("fields", "kept"), [({}, False), ({"integration": None}, False), ({"integration": "acumulus"}, True)]
)
def test_integration(fields: dict[str, object], kept: bool) -> None:
    assert Filter(integration="acumulus").keeps(customer(**fields)) is kept


@pytest.mark.parametrize(
    ("created", "kept"),
    [
        ("2024-04-01T00:00:00+00:00", True),
        ("2024-03-31T23:59:59+00:00", False),
        ("2024-04-01T01:30:00+02:00", False),
        ("2024-05-01T00:00:00+00:00", True),
        ("2024-05-01T00:00:01+00:00", False),
        ("2024-04-01T01:59:59", False),  # without a zone, it is Amsterdam's: 23:59:59 in UTC
        ("2024-04-01T02:00:00", True),
    ],
)
def test_created_between(created: str, kept: bool) -> None:
    assert Filter(since=APRIL, until=MAY_1).keeps(customer(createdAt=created)) is kept


@pytest.mark.parametrize("fields", [{}, {"createdAt": None}, {"createdAt": "2024-04-31"}, {"createdAt": 5}])
def test_a_customer_without_a_valid_date_never_matches(fields: dict[str, object]) -> None:
    assert not Filter(since=APRIL).keeps(customer(**fields))
    assert not Filter(until=MAY_1).keeps(customer(**fields))


def test_all_conditions_must_hold() -> None:
    wanted = Filter(("a",), "exact")
    assert wanted.keeps(customer(customerGroups=["a"], integration="exact"))
    assert not wanted.keeps(customer(customerGroups=["a"], integration="other"))
    assert not wanted.keeps(customer(customerGroups=["b"], integration="exact"))
