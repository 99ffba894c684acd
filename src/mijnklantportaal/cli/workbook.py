"""Writes a list's items as an Excel workbook: text as text, numbers as numbers, dates as dates."""

from collections.abc import Iterable
from datetime import date, datetime
from importlib import import_module
from io import TextIOWrapper
from typing import Any, TextIO, cast

import click

from .cells import Layout, Row, cell
from .progress import many

MOST_ROWS = 1_048_576
_EXACT = 10**15
_WIDTH = 20
_CUT = -2  # what XlsxWriter returns for text that is too long


def write_xlsx(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Writes a workbook of one sheet with a frozen header, row by row to save memory."""
    xlsxwriter: Any = import_module("xlsxwriter")  # which has no types
    layout, rows = layout.of(rows)
    cut = 0
    with xlsxwriter.Workbook(cast(TextIOWrapper, stream).buffer, {"constant_memory": True}) as book:
        formats: dict[type, object] = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet()
        sheet.add_write_handler(str, sheet.__class__.write_string)  # or it would make a formula of {=1+1}
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(layout.columns):
            sheet.set_column(column, column, _WIDTH)
            sheet.write(0, column, name, bold)
        for line, row in enumerate(rows, 1):
            if line == MOST_ROWS:
                raise click.ClickException(f"Excel holds at most {MOST_ROWS - 1:,} items; choose CSV")
            for column, name in enumerate(layout.columns):
                value = _value(row.get(name), is_date=layout.is_date(name))
                cut += sheet.write(line, column, value, formats.get(type(value))) == _CUT
    if cut:
        click.echo(f"{many(cut, 'cell')} shortened to 32,767 characters, Excel's maximum.", err=True)


def _value(value: object, *, is_date: bool) -> str | float | date | None:
    """Returns the value that a cell gets; a date as the API wrote it, because Excel has no time zones."""
    if is_date:
        try:
            moment = datetime.fromisoformat(str(value)).replace(tzinfo=None)
        except ValueError:
            moment = datetime.min
        if moment.year >= 1900:  # Excel has no earlier dates
            return moment.date() if len(str(value)) == len("2024-04-28") else moment
    if value is None or (isinstance(value, int | float) and abs(value) < _EXACT):
        return value
    return cell(value).encode("utf-8", "backslashreplace").decode()
