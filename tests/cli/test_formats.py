"""What is written, format by format."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from mijnklantportaal.cli.cells import restored
from mijnklantportaal.cli.formats import WRITERS, Layout, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = ("id", "companyName", "phone", "customerGroups", "createdAt")
ROWS: list[Row] = [
    {
        "id": "cst_1",
        "companyName": 'Café "De Zoë", 1\nhoog',
        "phone": None,
        "customerGroups": ["cug_a", "cug_b"],
    },
    {"id": "cst_2", "companyName": "=1+1", "phone": "+31 20 0123456", "loyalty": {"points": 3}},
]


def written(kind: str, asked: tuple[str, ...] = (), *, excel: bool = False, rows: list[Row] = ROWS) -> str:
    stream = io.StringIO(newline="")
    WRITERS[kind](iter(rows), stream, Layout(asked, FIELDS, excel))
    return stream.getvalue()


def test_json_keeps_names_and_unknown_fields() -> None:
    assert json.loads(written("json")) == ROWS
    assert "Café" in written("json")
    assert written("json").endswith("]\n")
    assert json.loads(written("json", rows=[])) == []


def test_json_lines() -> None:
    lines = written("jsonl").splitlines()
    assert [json.loads(line) for line in lines] == ROWS
    assert written("jsonl", rows=[]) == ""


def test_each_line_is_written_as_soon_as_it_is_there() -> None:
    stream = io.StringIO()

    def rows() -> Iterator[Row]:
        for count, row in enumerate(ROWS):
            assert stream.getvalue().count("\n") == count
            yield row

    WRITERS["jsonl"](rows(), stream, Layout((), FIELDS))


def test_columns_of_json_are_those_asked_for_and_what_is_left_out_stays_so() -> None:
    assert json.loads(written("json", ("phone", "id", "createdAt"))) == [
        {"phone": None, "id": "cst_1"},
        {"phone": "+31 20 0123456", "id": "cst_2"},
    ]


def test_csv_is_rfc_4180() -> None:
    assert written("csv") == (
        "id,companyName,phone,customerGroups,createdAt\r\n"
        'cst_1,"Café ""De Zoë"", 1\nhoog",,cug_a cug_b,\r\n'
        "cst_2,'=1+1,+31 20 0123456,,\r\n"
    )
    assert written("csv", rows=[]) == "id,companyName,phone,customerGroups,createdAt\r\n"


def test_csv_for_excel() -> None:
    assert written("csv", ("phone", "id"), excel=True) == (
        "\ufeffphone;id\r\n;cst_1\r\n+31 20 0123456;cst_2\r\n"
    )


def test_csv_read_and_restored_is_what_it_was() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"), newline="")))
    assert [restored(row["companyName"]) for row in rows] == [row["companyName"] for row in ROWS]


def test_a_table_off_a_terminal_is_as_wide_as_it_needs() -> None:
    long = "x" * 300
    lines = written("table", ("id", "companyName"), rows=[{"id": "cst_1", "companyName": long}]).splitlines()
    assert [line.split() for line in lines] == [["id", "companyName"], ["cst_1", long]]


def test_a_table_shows_data_not_markup_nor_what_a_terminal_obeys() -> None:
    evil: list[Row] = [{"id": "[red]:smile:\x1b]0;x\x07\x9b2J\n", "createdAt": "2024-04-01T10:00:00+02:00"}]
    table = written("table", ("id", "createdAt"), rows=evil)
    assert "[red]:smile: ]0;x  2J" in table
    assert table.splitlines()[1].split()[-1] == "2024-04-01"
    assert all(each.isprintable() or each == "\n" for each in table)
