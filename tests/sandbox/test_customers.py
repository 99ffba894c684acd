import re
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal.sandbox import CustomerRow
from mijnklantportaal.sandbox import customers as module
from mijnklantportaal.sandbox.invent import make_id


def customer(seed: int, number: int) -> CustomerRow:
    return module.customer(seed, number, lambda prefix, drawn: make_id(prefix, seed, drawn))


MANY = [customer(0, number) for number in range(1, 601)]


@given(st.integers(), st.integers(1, 1_000_000))
def test_a_customer_depends_on_seed_and_number_only(seed: int, number: int) -> None:
    assert customer(seed, number) == customer(seed, number)
    assert customer(seed, number)["id"] == make_id("cst", seed, number)
    assert customer(seed, number) != customer(seed + 1, number)
    assert customer(seed, number)["id"] != customer(seed, number + 1)["id"]


@given(st.integers(), st.integers(1, 1_000_000))
def test_fields_have_the_form_of_the_api(seed: int, number: int) -> None:
    one = customer(seed, number)
    assert re.fullmatch(r"cst_[a-z0-9]{14}", one["id"])
    assert all(re.fullmatch(r"cug_[a-z0-9]{14}", group) for group in one["customerGroups"])
    assert re.fullmatch(r"info\+\d+@[a-z0-9-]+\.example", one["primaryEmail"])
    assert one["phone"] is None or re.fullmatch(r"\+\d\d \d+ 0\d{6}", one["phone"])
    assert re.fullmatch(
        {"NL": r"\d{4} [A-Z]{2}", "BE": r"\d{4}", "DE": r"\d{5}"}[one["countryCode"]], one["zipCode"]
    )
    assert (one["integration"] is None) == (one["integrationId"] is None)
    created = datetime.fromisoformat(one["createdAt"])
    assert created.utcoffset() == created.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset()
    assert created.year < 2024


def test_customers_vary() -> None:
    assert {one["countryCode"] for one in MANY} == {"NL", "BE", "DE"}
    assert {one["phone"] is None for one in MANY} == {True, False}
    assert {one["integration"] is None for one in MANY} == {True, False}
    assert {len(one["customerGroups"]) for one in MANY} == {0, 1, 2}
    assert {one["createdAt"][-6:] for one in MANY[:40]} == {"+01:00", "+02:00"}
    names = " ".join(one["companyName"] for one in MANY)
    assert {"é", "ö", "ë", "'", "/", "&"} <= set(names)
    assert len({one["id"] for one in MANY}) == len({one["primaryEmail"] for one in MANY}) == len(MANY)


def test_later_customers_are_created_later() -> None:
    numbers = [1, 2, 3, 100, 101, 10_000, 10_001, 100_000]
    created = [datetime.fromisoformat(customer(0, number)["createdAt"]) for number in numbers]
    assert created == sorted(set(created))
