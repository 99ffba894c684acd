"""Writes customers as a table, JSON, JSON Lines or CSV; each writer takes the rows one by one."""

from __future__ import annotations

import csv
import errno
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from .cells import cell, defused
from .failures import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = dict[str, Any]
_IN_A_TABLE = ("id", "companyName", "city", "primaryEmail", "createdAt")
_WHOLE = {"id", "createdAt"}  # cut short, they would be of no use
_NARROWEST = 4
_NO_TERMINAL_IS_WIDER = 10_000


class Layout(NamedTuple):
    """Which columns, by the API's names: those asked for, and those that the document has."""

    asked: tuple[str, ...]
    documented: tuple[str, ...]
    excel: bool = False


def write_table(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Write a table as wide as the terminal, or, elsewhere, as wide as it needs.

    Where the terminal is too narrow, long cells end in an ellipsis; ids and dates are always whole.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def cropped(text: str) -> Text:
        return Text(text, no_wrap=True, overflow="ellipsis")

    columns = layout.asked or _IN_A_TABLE
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(cropped(column), no_wrap=column in _WHOLE, min_width=_NARROWEST)
    for row in rows:
        table.add_row(*(cropped(_short(column, row.get(column))) for column in columns))
    console = Console(file=stream, highlight=False, emoji=False)
    if not stream.isatty():
        console.width = _NO_TERMINAL_IS_WIDER
    console.width = max(console.width, console.measure(table).minimum)
    try:
        console.print(table)
    except SystemExit as error:  # rich's way to end when nobody reads on
        raise BrokenPipeError(errno.EPIPE, "nobody reads on") from error


def write_json(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Write one JSON array, once all customers are there."""
    json.dump([_chosen(row, layout) for row in rows], stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def write_jsonl(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Write a JSON object a line, each as soon as it is there."""
    for row in rows:
        stream.write(json.dumps(_chosen(row, layout), ensure_ascii=False) + "\n")
        stream.flush()


def write_csv(rows: Iterable[Row], stream: TextIO, layout: Layout) -> None:
    """Write CSV as RFC 4180 has it, or as a Dutch Excel opens it: semicolons and a byte order mark."""
    columns = layout.asked or layout.documented
    stream.write("\ufeff" if layout.excel else "")
    writer = csv.writer(stream, delimiter=";" if layout.excel else ",", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([defused(cell(row.get(column))) for column in columns])
        stream.flush()


WRITERS: dict[str, Callable[[Iterable[Row], TextIO, Layout], None]] = {
    "table": write_table,
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
}


def _chosen(row: Row, layout: Layout) -> Row:
    return {name: row[name] for name in layout.asked if name in row} if layout.asked else row


def _short(column: str, value: object) -> str:
    text = printable(cell(value).replace("\n", " "))
    return text[:10] if column == "createdAt" else text
