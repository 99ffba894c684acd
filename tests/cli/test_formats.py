"""What is written, format by format."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from mijnklantportaal.cli.cells import Layout
from mijnklantportaal.cli.formats import WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mijnklantportaal.cli.cells import Row

TEXT = {"type": "string"}
FIELDS = {
    "id": TEXT,
    "companyName": TEXT,
    "phone": TEXT,
    "customerGroups": {"type": "array"},
    "createdAt": TEXT | {"example": "2024-04-28T21:00:00+02:00"},
}
ROWS: list[Row] = [
    {
        "id": "cst_1",
        "companyName": 'Café "De Zoë", 1\nhoog',
        "phone": None,
        "customerGroups": ["cug_a", "cug_b"],
    },
    {"id": "cst_2", "companyName": "=1+1", "phone": "+31 20 0123456", "loyalty": {"points": 3}},
]


def written(kind: str, asked: tuple[str, ...] = (), *, rows: list[Row] = ROWS) -> str:
    stream = io.StringIO(newline="")
    WRITERS[kind](iter(rows), stream, Layout(asked, FIELDS))
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


def test_each_line_is_written_as_soon_as_possible() -> None:
    stream = io.StringIO()

    def rows() -> Iterator[Row]:
        for count, row in enumerate(ROWS):
            assert stream.getvalue().count("\n") == count
            yield row

    WRITERS["jsonl"](rows(), stream, Layout((), FIELDS))


def test_json_with_columns_leaves_out_missing_fields() -> None:
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
    assert written("excel", ("phone", "id")) == "\ufeffphone;id\r\n;cst_1\r\n+31 20 0123456;cst_2\r\n"


def test_a_table_in_a_pipe_is_as_wide_as_its_cells() -> None:
    long = "x" * 300
    lines = written("table", ("id", "companyName"), rows=[{"id": "cst_1", "companyName": long}]).splitlines()
    assert [line.split() for line in lines] == [["id", "companyName"], ["cst_1", long]]


def test_undocumented_fields_come_from_the_items() -> None:
    rows: list[Row] = [{"id": "agr_1"}, {"name": "x", "id": "agr_2", "signers": [{"id": 1}]}]
    for kind, begins in ("csv", "id,name,signers\r\nagr_1,,\r\nagr_2,x,"), ("table", "id     name"):
        stream = io.StringIO(newline="")
        WRITERS[kind](iter(rows), stream, Layout())
        assert stream.getvalue().startswith(begins)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv"])
def test_control_characters_are_escaped_on_a_terminal_only(kind: str) -> None:
    name = "\x1b]0;x\x07 \x9b2J \u202ecod.exe \u2066 \x7f \u0085 Zoë"
    screen, file = Screen(newline=""), io.StringIO(newline="")
    for stream in screen, file:
        WRITERS[kind](iter([{"id": "1", "companyName": name}]), stream, Layout(("companyName",), FIELDS))
    shown = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())  # rich's own colours
    assert all(each.isprintable() or each in "\r\n" for each in shown)
    assert "Zoë" in shown
    if kind in {"json", "jsonl"}:
        assert json.loads(shown) == json.loads(file.getvalue())
    if kind == "csv":
        assert file.getvalue().splitlines(keepends=True)[1:] == [f"{name}\r\n"] or name in file.getvalue()
    if kind == "jsonl":
        assert json.loads(file.getvalue())["companyName"] == name
        assert "\u202e" in file.getvalue()


def test_a_table_shows_no_markup_or_control_characters() -> None:
    evil: list[Row] = [{"id": "[red]:smile:\x1b]0;x\x07\x9b2J\n", "createdAt": "2024-04-01T10:00:00+02:00"}]
    table = written("table", ("id", "createdAt"), rows=evil)
    assert r"[red]:smile:\u001b]0;x\u0007\u009b2J" in table
    assert table.splitlines()[1].split()[-1] == "2024-04-01"
    assert all(each.isprintable() or each == "\n" for each in table)
