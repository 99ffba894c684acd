"""What a terminal shows."""

from __future__ import annotations

import re
import signal
import subprocess

import pytest

from mijnklantportaal.sandbox import Sandbox, by_page, faults
from tests.cli.helpers import on_terminal, point_to
from tests.processes import PATIENCE

pytest.importorskip("pty")

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def test_customers_are_shown_as_a_table() -> None:
    with Sandbox(customers=40) as sandbox, on_terminal("customers", environ=point_to(sandbox)) as terminal:
        text = ESCAPE.sub("", terminal.read_all())
        assert terminal.process.wait(PATIENCE) == 0
        assert [each for each in sandbox.ids() if f"{each} " not in text] == []
        assert "40 customers, 3 pages, " in text.splitlines()[-1]
        assert max(len(line) for line in text.splitlines()) <= 120


@pytest.mark.customers
@pytest.mark.parametrize("width", [80, 100])
def test_a_table_fits_the_terminal(width: int) -> None:
    with Sandbox(customers=40) as sandbox:
        with on_terminal("customers", environ=point_to(sandbox) | {"COLUMNS": str(width)}) as terminal:
            lines = ESCAPE.sub("", terminal.read_all()).splitlines()
        (head, *rows) = lines[lines.index(next(each for each in lines if each.startswith("id "))) :]
        assert max(map(len, (head, *rows[:-1]))) <= width
        assert "createdAt" in head
        for number, row in enumerate(rows[:-1]):
            customer = sandbox.customer(number)
            assert row.startswith(f"{customer['id']}  ")
            assert row.rstrip().endswith(customer["createdAt"][:10])
            for cell in re.split(" {2,}", row)[1:-1]:  # whole, or with a sign that it is not
                whole = cell.strip() in map(str, customer.values())
                assert whole or "…" in cell
        assert "…" in "".join(rows)


@pytest.mark.customers
@pytest.mark.parametrize("width", [20, 40])
@pytest.mark.parametrize(
    "columns", ["id,companyName,integrationId,createdAt", "city,companyName,integrationId,createdAt,id"]
)
def test_ids_and_dates_are_complete_in_a_narrow_terminal(columns: str, width: int) -> None:
    with Sandbox(customers=40) as sandbox:
        arguments = ("customers", "--columns", columns)
        with on_terminal(*arguments, environ=point_to(sandbox) | {"COLUMNS": str(width)}) as terminal:
            lines = ESCAPE.sub("", terminal.read_all()).splitlines()
        (head, *rows) = lines[lines.index(next(each for each in lines if "createdAt" in each)) :]
        assert re.fullmatch(r"(id|city) +com\w?… +integrationId +createdAt( +id)? *", head)
        for number, row in enumerate(rows[:-1]):
            customer = sandbox.customer(number)
            complete = [customer["id"], customer["integrationId"] or "", customer["createdAt"][:10]]
            assert [each for each in complete if each not in row] == []


def test_no_color() -> None:
    with Sandbox(customers=1) as sandbox:
        with on_terminal("customers", environ=point_to(sandbox)) as terminal:
            assert COLOUR.search(terminal.read_all())
        with on_terminal("customers", environ=point_to(sandbox) | {"NO_COLOR": "1"}) as terminal:
            assert not re.search(r"\x1b\[[0-9;]*3[0-9]", terminal.read_all())


def test_progress_is_shown_until_ctrl_c_and_then_how_to_start_again() -> None:
    with Sandbox(customers=40, faults=by_page({2: faults.Delay(3600)})) as sandbox:
        with on_terminal("customers", environ=point_to(sandbox)) as terminal:
            terminal.read_until("page 1: 15 customers")
            terminal.process.send_signal(signal.SIGINT)
            text = ESCAPE.sub("", terminal.read_all())
            assert terminal.process.wait(PATIENCE) == 130
    assert (
        text.splitlines()[-1]
        == "Interrupted. No customers were written. To start again: mijnklantportaal customers"
    )
    assert "\x1b[?25h" in terminal.text  # the cursor is back


def test_a_wait_is_counted_down_with_its_reason() -> None:
    with Sandbox(customers=40, limit=1, window=250) as sandbox:
        with on_terminal("customers", environ=point_to(sandbox)) as terminal:
            terminal.read_until(" - waiting 2")
            terminal.read_until(": the rate limit is reached")
            terminal.process.send_signal(signal.SIGINT)
            terminal.read_all()
            assert terminal.process.wait(PATIENCE) == 130
        with on_terminal("customers", "--format=jsonl", environ=point_to(sandbox)) as terminal:
            terminal.read_until("Waiting 2")
            terminal.process.send_signal(signal.SIGINT)
            terminal.read_all()
            assert terminal.process.wait(PATIENCE) == 130


def test_progress_is_shown_while_output_is_redirected() -> None:
    with Sandbox(customers=40, faults=by_page({2: faults.Delay(3600)})) as sandbox:
        with on_terminal("customers", stdout=subprocess.DEVNULL, environ=point_to(sandbox)) as terminal:
            terminal.read_until("page 1: 15 customers")
            terminal.process.send_signal(signal.SIGINT)
            lines = terminal.read_all()
    assert re.search(r"\x1b\[2K\s*Interrupted\. To resume", lines)  # the line was wiped


@pytest.mark.parametrize("arguments", [["--quiet"], ["--format", "jsonl"]])
def test_progress_is_not_shown(arguments: list[str]) -> None:
    with Sandbox(customers=20) as sandbox:
        with on_terminal("customers", *arguments, environ=point_to(sandbox)) as terminal:
            text = terminal.read_all()
            assert terminal.process.wait(PATIENCE) == 0
    assert "page 1" not in text
    assert "\x1b[?25l" not in text


def test_json_lines_on_a_terminal_end_with_their_counts() -> None:
    with Sandbox(customers=20) as sandbox:
        with on_terminal("customers", "--format", "jsonl", environ=point_to(sandbox)) as terminal:
            lines = terminal.read_all().splitlines()
    assert [sandbox.ids()[n] in line for n, line in enumerate(lines[:-1])] == [True] * 20
    assert lines[-1].startswith("20 customers, 2 pages, ")
