"""Writes a list's items as an Excel workbook: text as text, numbers as numbers, dates as dates."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from .cells import cell
from .columns import table
from .progress import many

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import TextIOWrapper

    from .columns import Layout, Row

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
_EXACT = 10**15
_WIDTH = 20
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


def write_xlsx(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Write a workbook of one sheet with a frozen header, row by row to save memory."""
    xlsxwriter: Any = import_module("xlsxwriter")  # which has no types
    with xlsxwriter.Workbook(cast("TextIOWrapper", stream).buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(layout.columns), _WIDTH)
        bold = book.add_format({"bold": True})
        formats = {code: book.add_format({"num_format": code}) for code in (_DAY, _MOMENT)}
        lines = enumerate(table(rows, layout))
        _, header = next(lines)
        names = [str(each) for each in header]
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, bold)
        cut = 0
        for line, values in lines:
            if line == MOST_ROWS:
                raise click.ClickException(f"Excel holds at most {MOST_ROWS - 1:,} items; choose CSV")
            for column, value in enumerate(values):
                moment = _moment(value) if layout.is_date(names[column]) else None
                if moment is not None:
                    sheet.write_datetime(
                        line, column, moment, formats[_DAY if len(str(value)) == len(_DAY) else _MOMENT]
                    )
                elif isinstance(value, bool):
                    sheet.write_boolean(line, column, value)
                elif isinstance(value, int | float) and abs(value) < _EXACT:
                    sheet.write_number(line, column, value)
                elif value is not None:
                    text = cell(value).encode("utf-8", "backslashreplace").decode()
                    cut += len(text) > MOST_CHARACTERS
                    sheet.write_string(line, column, text[:MOST_CHARACTERS])
    if cut:
        remark = f"{many(cut, 'cell')} cut to the {MOST_CHARACTERS:,} characters that Excel holds."
        click.echo(remark, err=True)


def _moment(value: object) -> datetime | None:
    """The date as the API wrote it, without its zone: Excel knows no zones, and no dates before 1900."""
    try:
        moment = datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if moment.year >= 1900 else None
