"""examples/to_sqlite.py, run as a user would: interrupted, resumed, and run again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from mijnklantportaal.sandbox import ReceivedRequest, by_page, faults
from tests.processes import PATIENCE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mijnklantportaal.sandbox import Sandbox


def select(file: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


def ids(file: Path) -> set[str]:
    return {row[0] for row in select(file, "SELECT id FROM customers")}


def anchor(file: Path) -> Any:
    return select(file, "SELECT anchor FROM progress")[0][0]


def pages(sandbox: Sandbox) -> list[int | None]:
    return [request.page for request in sandbox.requests]


def test_every_customer_is_a_row(sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("to_sqlite.py", "customers.db") == (0, "40 customers in customers.db\n", "")
    stored = {row[0]: row[1:] for row in select(tmp_path / "customers.db", "SELECT id, * FROM customers")}
    assert len(stored) == 40
    for customer in map(sandbox.customer, range(40)):
        _, _, record, company_name, city, primary_email, created_at = stored[customer["id"]]
        assert json.loads(record) == customer
        assert (company_name, city) == (customer["companyName"], customer["city"])
        assert primary_email == customer["primaryEmail"]
        assert created_at[:7] == customer["createdAt"][:7]


def test_after_an_error_it_goes_on_where_it_was(
    sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "customers.db"
    sandbox.reset(faults=by_page({3: [faults.Status(403)]}))
    done = run("to_sqlite.py", "customers.db")
    assert done.status == 1
    assert done.err.startswith("GET /v1/customers (page 3): 403 Forbidden")
    assert done.err.endswith("Run this again to resume.\n")
    assert ids(file) == set(sandbox.ids()[:30])
    assert anchor(file).startswith("2.")

    before = len(sandbox.requests)
    assert run("to_sqlite.py", "customers.db") == (0, "40 customers in customers.db\n", "")
    assert ids(file) == set(sandbox.ids())
    assert pages(sandbox)[before:] == [3, 2]
    assert anchor(file) is None


def test_a_page_is_stored_with_its_anchor_or_not_at_all(
    sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "customers.db"
    sandbox.reset(faults=by_page({2: [faults.Status(403)]}))
    run("to_sqlite.py", "customers.db")
    refuse = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            f"CREATE TRIGGER no_progress BEFORE UPDATE ON progress WHEN NEW.anchor LIKE '2.%' {refuse}"
        )
    assert "the disk is full" in run("to_sqlite.py", "customers.db").err
    assert ids(file) == set(sandbox.ids()[:15])
    assert anchor(file).startswith("1.")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_after_ctrl_c_it_goes_on_where_it_was(
    sandbox: Sandbox,
    start: Callable[..., AbstractContextManager[subprocess.Popen[str]]],
    run: Callable[..., Any],
    tmp_path: Path,
) -> None:
    started: list[subprocess.Popen[str]] = []

    def interrupt_page_2(request: ReceivedRequest) -> faults.Fault | None:
        if (request.page, request.attempt) != (2, 1):
            return None
        started[0].send_signal(signal.SIGINT)
        return faults.Drop("before")

    sandbox.reset(faults=interrupt_page_2)
    with start("to_sqlite.py", "customers.db") as process:
        started.append(process)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, "Interrupted. Run this again to resume.\n")
    assert ids(tmp_path / "customers.db") == set(sandbox.ids()[:15])
    before = len(sandbox.requests)
    assert run("to_sqlite.py", "customers.db").status == 0
    assert pages(sandbox)[before:][:2] == [2, 1]
    assert ids(tmp_path / "customers.db") == set(sandbox.ids())


def test_run_again_it_refreshes_all_and_deletes_nobody(
    sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "customers.db"
    run("to_sqlite.py", "customers.db")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE customers SET record = '{}', listed_at = '2020-01-01 00:00:00'")
    gone, added = sandbox.remove_customers(1), sandbox.add_customers(1)
    assert run("to_sqlite.py", "customers.db").status == 0
    assert ids(file) == {*sandbox.ids(), *gone}
    assert set(added) <= ids(file)
    older = (
        "SELECT id FROM customers WHERE listed_at < (SELECT max(listed_at) FROM customers) AND record = '{}'"
    )
    assert select(file, older) == [tuple(gone)]


def test_fields_that_are_not_there_are_null(
    sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path
) -> None:
    bare = faults.Edit(lambda page: {**page, "data": [{"id": "cst_1", "city": None}]})
    sandbox.reset(customers=1, faults={1: bare})
    assert run("to_sqlite.py", "customers.db").status == 0
    columns = "SELECT id, company_name, city, primary_email, created_at FROM customers"
    assert select(tmp_path / "customers.db", columns) == [("cst_1", None, None, None, None)]
