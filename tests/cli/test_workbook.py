"""`--output klanten.xlsx`, read back."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from click import ClickException

from mijnklantportaal.cli import workbook
from mijnklantportaal.cli.cells import Layout
from mijnklantportaal.cli.workbook import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mijnklantportaal.cli.cells import Row
    from mijnklantportaal.sandbox import Sandbox
    from tests.cli.helpers import Ran

    Invoke = Callable[..., Ran]

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FIELDS = {"id": {}, "value": {}, "createdAt": {"format": "date-time"}}


def written(*rows: Row, layout: Layout | None = None) -> zipfile.ZipFile:
    file = io.BytesIO()
    stream = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write_xlsx(iter(rows), stream, layout or Layout(fields=FIELDS))
    stream.detach()
    return zipfile.ZipFile(file)


def cells(book: zipfile.ZipFile) -> dict[str, tuple[str | None, str | None]]:
    """Of each cell, its type and what it holds, as the file has it."""
    sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.findall(".//m:f", NS) == []  # formulas
    assert sheet.findall(".//m:hyperlink", NS) == []
    return {
        cell.attrib["r"]: (cell.get("t"), cell.findtext("m:v", cell.findtext("m:is/m:t", None, NS), NS))
        for cell in sheet.iter(f"{{{NS['m']}}}c")
    }


@pytest.mark.parametrize(
    "text",
    [
        "+312012345678",
        "0612345678",
        "0012345",
        "=1+1",
        "@SUM(A1)",
        "https://example.nl/",
        "1e5",
        "2024-04-29",
        "TRUE",
    ],
)
def test_text_stays_text(text: str) -> None:
    assert cells(written({"value": text}))["B2"] == ("inlineStr", text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (12.95, ("n", "12.95")),
        (0, ("n", "0")),
        (10**14, ("n", "100000000000000")),
        (10**15, ("inlineStr", "1000000000000000")),  # as a number, not exact
        (True, ("b", "1")),
        (["a", "b"], ("inlineStr", "a b")),
        ({"a": 1}, ("inlineStr", '{"a": 1}')),
        ("a\x1b\x00b", ("inlineStr", "a_x001B__x0000_b")),  # as XML has to have it
        ("_x0041_", ("inlineStr", "_x005F_x0041_")),
        ("\ud83d", ("inlineStr", "\\ud83d")),
    ],
)
def test_values(value: object, cell: tuple[str, str]) -> None:
    kind, text = cells(written({"value": value}))["B2"]
    assert (kind or "n", text) == cell


def test_missing_and_null_are_empty() -> None:
    assert "B2" not in cells(written({"id": "x", "value": None}))
    assert "C2" not in cells(written({"id": "x", "value": None}))


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("2024-04-28T21:00:00+02:00", 45410.875),  # as the API wrote it: Excel knows no zones
        ("2025-04-12T00:00:00.000Z", 45759),
        ("2024-04-28", 45410),
    ],
)
def test_dates_are_dates(value: str, number: float) -> None:
    book = written({"createdAt": value})
    kind, text = cells(book)["C2"]
    assert (kind, float(text or "")) == (None, number)
    styles = book.read("xl/styles.xml").decode()
    assert f'formatCode="yyyy-mm-dd{" hh:mm:ss" if "T" in value else ""}"' in styles


@pytest.mark.parametrize("value", ["2024-04-31", "0001-01-01", "gisteren", ""])
def test_dates_that_excel_does_not_know_are_text(value: str) -> None:
    assert cells(written({"createdAt": value}))["C2"] == ("inlineStr", value)


def test_the_header_is_frozen() -> None:
    book = written({"id": "x"})
    assert [cells(book)[cell] for cell in ("A1", "B1", "C1")] == [("inlineStr", name) for name in FIELDS]
    assert re.search(r'<pane ySplit="1" .*state="frozen"', book.read("xl/worksheets/sheet1.xml").decode())


def test_text_too_long_for_excel_is_cut_and_reported(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = cells(written({"value": "x" * 40_000}))["B2"]
    assert text == "x" * 32_767
    assert capsys.readouterr().err == "1 cell shortened to 32,767 characters, Excel's maximum.\n"


def test_more_items_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    assert len(cells(written({"id": "1"}, {"id": "2"}))) == 5
    with pytest.raises(ClickException, match="Excel holds at most 2 items"):
        written({"id": "1"}, {"id": "2"}, {"id": "3"})


def test_the_command_writes_a_workbook(sandbox: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    target = tmp_path / "klanten.xlsx"
    assert invoke("customers", "--output", str(target), "--columns", "createdAt,id") == (0, "", "")
    found = cells(zipfile.ZipFile(target))
    assert [found[f"B{line}"][1] for line in range(1, 42)] == ["id", *sandbox.ids()]
    assert found["A2"][0] is None


def test_a_missing_extra_is_one_line_and_sends_nothing(
    sandbox: Sandbox, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = invoke("customers", "--output", str(tmp_path / "a.xlsx"))
    assert (done.status, sandbox.requests, list(tmp_path.iterdir())) == (2, [], [])
    assert 'pip install "mijnklantportaal[excel]"' in done.err
