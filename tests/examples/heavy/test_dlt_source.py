"""examples/dlt_source.py, into DuckDB: one test, as dlt is slow to load."""

from __future__ import annotations

import gzip
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from mijnklantportaal.sandbox import by_page, faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mijnklantportaal.sandbox import Sandbox

# In every process of the example: a host other than loopback, even asked for by name, is written down.
GUARD = """
import socket, sys
def guard(event, arguments):
    host = arguments[0] if event == "socket.getaddrinfo" else None
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    if host not in (None, "127.0.0.1", "localhost"):
        with open("REACHED_OUT", "a") as file:
            file.write(f"{event} {host}\\n")
sys.addaudithook(guard)
"""


def holding(text: str, folder: Path) -> list[Path]:
    """The files that hold this text; dlt's own are often compressed."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    contents = [
        gzip.decompress(raw) if (raw := file.read_bytes())[:2] == b"\x1f\x8b" else raw for file in files
    ]
    return [file for file, content in zip(files, contents, strict=True) if text.encode() in content]


@pytest.fixture
def select(tmp_path: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    def select(query: str) -> list[tuple[Any, ...]]:
        with closing(duckdb.connect(tmp_path / "mijnklantportaal.duckdb")) as database:
            return database.execute(query).fetchall()

    return select


def test_it_loads_atomically_refreshes_and_keeps_no_copy(
    sandbox: Sandbox,
    run: Callable[..., Any],
    select: Callable[[str], list[tuple[Any, ...]]],
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    home = tmp_path / "home"
    environment |= {"PYTHONPATH": str(tmp_path / "guard"), "DLT_DATA_DIR": str(home)}

    sandbox.reset(faults=by_page({3: [faults.Status(403)]}))
    done = run("dlt_source.py")
    assert (done.status, done.out) == (1, "")
    assert "GET /v1/customers (page 3): 403 Forbidden" in done.err
    assert "Traceback" not in done.err
    assert select("SELECT table_name FROM information_schema.tables WHERE table_schema = 'portal'") == []

    assert holding(sandbox.ids()[-1], home) == holding(sandbox.ids()[0], home) == []

    # No integration in the whole portal, and, for one customer, nothing but an id.
    def edit(page: dict[str, Any]) -> dict[str, Any]:
        rows = [{**row, "integration": None} for row in page["data"]]
        return {**page, "data": [{"id": rows[0]["id"]}, *rows[1:]] if page["current_page"] == 1 else rows}

    sandbox.reset(faults=lambda _: faults.Edit(edit))
    done = run("dlt_source.py")
    assert (done.status, done.err) == (0, "")
    loaded = select("SELECT id, company_name, integration, created_at FROM portal.customers")
    expected = [
        (each["id"], each["companyName"], None, datetime.fromisoformat(each["createdAt"]))
        for each in map(sandbox.customer, range(1, 40))
    ]
    assert set(loaded) == {*expected, (sandbox.ids()[0], None, None, None)}
    groups = select(
        "SELECT id, value FROM portal.customers JOIN portal.customers__customer_groups"
        " ON customers._dlt_id = _dlt_parent_id"
    )
    assert sorted(groups) == sorted(
        (each["id"], group)
        for each in map(sandbox.customer, range(1, 40))
        for group in each["customerGroups"]
    )

    gone = [sandbox.customer(0)["id"]]
    sandbox.remove_customers(1)
    added = sandbox.add_customers(1)
    assert run("dlt_source.py").status == 0
    assert sorted(select("SELECT id FROM portal.customers")) == sorted(
        (each,) for each in [*sandbox.ids(), *gone]
    )
    assert added[0] in sandbox.ids()

    assert holding(sandbox.ids()[-1], home) == []
    assert holding(sandbox.api_key, tmp_path) == []
    assert not (tmp_path / "REACHED_OUT").exists()
