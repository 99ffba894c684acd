"""examples/export_csv.py, run as a user would."""

from __future__ import annotations

import csv
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from mijnklantportaal.sandbox import by_page, faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mijnklantportaal.sandbox import Sandbox

pytestmark = pytest.mark.customers


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_customer_is_a_row(sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("export_csv.py", "customers.csv") == (0, "All customers are in customers.csv\n", "")
    written = rows(tmp_path / "customers.csv")
    assert [row["id"] for row in written] == sandbox.ids()
    assert list(written[0]) == ["id", "name", "place", "phone", "since", "groups"]
    for row, customer in zip(written, map(sandbox.customer, range(40)), strict=True):
        assert row["name"].removeprefix("'") == customer["companyName"]
        assert row["place"].removeprefix("'") == f"{customer['zipCode']} {customer['city']}"
        assert row["phone"] == (customer["phone"] or "")
        assert row["since"] == customer["createdAt"][:10]
        assert row["groups"].split() == customer["customerGroups"]
    assert [file.name for file in tmp_path.iterdir()] == ["customers.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_its_owner_can_read_it(run: Callable[..., Any], tmp_path: Path) -> None:
    run("export_csv.py", "customers.csv")
    assert stat.S_IMODE((tmp_path / "customers.csv").stat().st_mode) == 0o600


def test_fields_that_are_not_there_are_empty(
    sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path
) -> None:
    bare = faults.Edit(lambda page: {**page, "data": [{"id": "cst_1", "phone": None}]})
    sandbox.reset(customers=1, faults={1: bare})
    assert run("export_csv.py", "customers.csv").status == 0
    assert list(rows(tmp_path / "customers.csv")[0].values()) == ["cst_1", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1+cmd", "'+1+cmd"),
        ("-1+cmd", "'-1+cmd"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\uff1d1+1", "'\uff1d1+1"),
        (" \t=1+1", "' \t=1+1"),
        ("\tplain", "'\tplain"),
        ("\rplain", "'\rplain"),
        ("\nplain", "'\nplain"),
        ("+31 20 0123456", "+31 20 0123456"),
        ("De Vries & Zn. = goed", "De Vries & Zn. = goed"),
    ],
)
def test_formulas_are_defused(
    sandbox: Sandbox, example: Callable[[str], Any], name: str, written: str
) -> None:
    assert example("export_csv.py").cell(name) == written


def test_after_an_error_the_older_file_is_whole(
    sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "customers.csv").write_text("yesterday's")
    sandbox.reset(faults=by_page({3: faults.Status(403)}))
    done = run("export_csv.py", "customers.csv")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("GET /v1/customers (page 3): 403 Forbidden")
    assert (tmp_path / "customers.csv").read_text() == "yesterday's"
    assert [file.name for file in tmp_path.iterdir()] == ["customers.csv"]
