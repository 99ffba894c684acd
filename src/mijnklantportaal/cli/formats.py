"""Writes the items of a list as a table, JSON, JSON Lines, CSV or a workbook.

Files and pipes get the exact text; a terminal gets no control characters.
"""

import csv
import json
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .cells import Layout, Row, cell, defused
from .failures import printable
from .workbook import write_xlsx

_NARROWEST = 4
_UNLIMITED_WIDTH = 10_000
_DAY = len("2024-04-28")


def write_table(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Writes a table as wide as the terminal, or elsewhere as wide as its cells.

    In a narrow terminal, long cells end in an ellipsis; ids and dates are always complete.
    """

    def cropped(text: str) -> Text:
        return Text(printable(text.replace("\n", " ")), no_wrap=True, overflow="ellipsis")

    layout, rows = layout.of(rows)
    columns = layout.in_a_table()
    dates = {column for column in columns if layout.is_date(column)}
    lines = [
        [cropped(cell(row.get(column))[: _DAY if column in dates else None]) for column in columns]
        for row in rows
    ]
    table = Table(box=None, pad_edge=False)
    needed_width = 0
    for column, *cells in zip(columns, *lines, strict=True):
        complete = column in dates or column == "id" or column.endswith("Id")
        heading = cropped(column)
        table.add_column(heading, no_wrap=complete, min_width=_NARROWEST)
        longest = max(text.cell_len for text in [heading, *cells]) if complete else 0
        needed_width += max(longest, _NARROWEST) + 2
    for line in lines:
        table.add_row(*line)
    console = Console(file=stream, highlight=False, emoji=False)
    console.width = max(console.width, needed_width - 1) if stream.isatty() else _UNLIMITED_WIDTH
    try:
        console.print(table)
    except SystemExit as error:  # raised by rich
        raise BrokenPipeError from error


def write_json(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Writes one JSON array."""
    text = json.dumps([_chosen(row, layout) for row in rows], ensure_ascii=False, indent=2)
    stream.write(_safe(text, stream) + "\n")


def write_jsonl(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Writes a JSON object per line, one by one."""
    for row in rows:
        stream.write(_safe(json.dumps(_chosen(row, layout), ensure_ascii=False), stream) + "\n")
        stream.flush()


def write_csv(rows: Iterable[Row], stream: TextIO, layout: Layout, *, excel: bool = False) -> None:
    """Writes CSV of RFC 4180, or of a Dutch Excel: with semicolons and a byte order mark."""
    layout, rows = layout.of(rows)
    stream.write("\ufeff" if excel else "")
    writer = csv.writer(stream, delimiter=";" if excel else ",", lineterminator="\r\n")
    header = dict(zip(layout.columns, layout.columns, strict=True))
    for row in chain([header], rows):
        writer.writerow([_safe(defused(cell(row.get(column))), stream) for column in layout.columns])
        stream.flush()


AT_ONCE = {"table", "json"}
"""Formats that standard output gets completely or not at all."""

WRITERS: dict[str, Callable[[Iterable[Row], TextIO, Layout], None]] = {
    "table": write_table,
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "excel": partial(write_csv, excel=True),
    "xlsx": write_xlsx,
}


def _chosen(row: Row, layout: Layout) -> Row:
    return {name: row[name] for name in layout.asked if name in row} if layout.asked else row


def _safe(text: str, stream: TextIO) -> str:
    return printable(text) if stream.isatty() else text
