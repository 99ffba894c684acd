"""examples/to_frame.py: polars, and the line for pandas in its docstring."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas
import polars
import pytest

from mijnklantportaal import MijnKlantportaal
from mijnklantportaal.sandbox import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from mijnklantportaal.sandbox import Sandbox

BARE = faults.Edit(lambda page: {**page, "data": [{"id": "cst_1", "phone": None, "loyalty": 3}]})


@pytest.fixture
def portal(sandbox: Sandbox) -> MijnKlantportaal:
    return MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url)


def test_it_prints_customers_per_city(sandbox: Sandbox, run: Callable[..., Any]) -> None:
    done = run("to_frame.py")
    assert (done.status, done.err) == (0, "")
    cities = {sandbox.customer(position)["city"] for position in range(40)}
    assert done.out.startswith(f"shape: ({len(cities)}, 3)")


def test_an_error_is_one_line(sandbox: Sandbox, run: Callable[..., Any]) -> None:
    sandbox.reset(faults={1: faults.Status(403)})
    done = run("to_frame.py")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "403 Forbidden" in done.err


def test_the_frame(sandbox: Sandbox, portal: MijnKlantportaal, example: Callable[[str], Any]) -> None:
    module = example("to_frame.py")
    with portal:
        frame = module.frame(portal)
    assert frame.schema == polars.Schema(module.SCHEMA)
    assert frame.height == 40
    for row, customer in zip(frame.to_dicts(), map(sandbox.customer, range(40)), strict=True):
        assert row["createdAt"] == datetime.fromisoformat(customer["createdAt"])
        assert row | {"createdAt": customer["createdAt"]} == customer


def test_per_city(sandbox: Sandbox, portal: MijnKlantportaal, example: Callable[[str], Any]) -> None:
    module = example("to_frame.py")
    with portal:
        cities = module.per_city(module.frame(portal))
    assert cities.columns == ["city", "customers", "since"]
    assert cities["customers"].sum() == 40
    assert cities["customers"].is_sorted(descending=True)
    city, _, since = cities.row(0)
    dates = [
        customer["createdAt"] for customer in map(sandbox.customer, range(40)) if customer["city"] == city
    ]
    assert str(since) == min(dates)[:10]


def test_what_is_not_there_is_null(
    sandbox: Sandbox, portal: MijnKlantportaal, example: Callable[[str], Any]
) -> None:
    sandbox.reset(customers=1, faults={1: BARE})
    with portal:
        (row,) = example("to_frame.py").frame(portal).to_dicts()
    assert row.pop("id") == "cst_1"
    assert set(row.values()) == {None}


@pytest.mark.parametrize("customers", [40, 1, 0])
def test_the_line_for_pandas(
    sandbox: Sandbox, portal: MijnKlantportaal, example: Callable[[str], Any], customers: int
) -> None:
    module = example("to_frame.py")
    (line,) = [each for each in module.__doc__.splitlines() if each.startswith("    pandas.")]
    sandbox.reset(customers=customers, faults={1: BARE} if customers == 1 else None)
    with portal:
        frame = eval(line.strip(), {**vars(module), "pandas": pandas, "portal": portal})
    assert isinstance(frame, pandas.DataFrame)
    assert frame.shape == (customers, 12)
    assert str(frame["createdAt"].dtype) == "datetime64[us, UTC]"
    assert frame["createdAt"].isna().sum() == (customers == 1)
