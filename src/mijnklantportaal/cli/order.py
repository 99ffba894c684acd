"""What to list, and where and how to write it."""

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

import click

from mijnklantportaal._extras import require
from mijnklantportaal.document import Operation, shipped

from .cells import Layout
from .filters import Filter, Period
from .formats import AT_ONCE

_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx"}


@dataclass(kw_only=True)
class Order:
    """The options of a listing, and what follows from them; raises an error if they exclude each other."""

    name: str
    ids: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    integration: str | None = None
    created_since: Period | None = None
    created_until: Period | None = None
    kind: str | None
    output: Path | None
    force: bool
    resume: bool
    columns: str | None
    excel: bool
    limit: int | None
    start_page: int | str
    certain: bool
    sandbox: bool
    api_key_file: TextIO | None
    timeout: float | None
    quiet: bool

    def __post_init__(self) -> None:
        self.operation = _list(self.name)
        groups = tuple(sorted(self.groups))
        self.wanted = Filter(groups, self.integration, self.created_since, self.created_until)
        self.target = None if self.output == Path("-") else self.output
        self.layout = _layout(self.operation, self.columns)
        self.arguments: tuple[str, ...] = click.get_current_context().obj
        needed = [parameter.name for parameter in self.operation.path_parameters]
        if len(self.ids) != len(needed):
            raise click.UsageError(f"{self.name} needs {' and '.join(needed) or 'no ids'}")
        if not (self.target or sys.stdout):
            raise click.UsageError("standard output is closed; use --output")
        suffix = self.target.suffix.lower() if self.target else ""
        kind = self.kind or _SUFFIXES.get(suffix) or ("csv" if self.excel else "")
        if self.excel and kind != "csv":
            raise click.UsageError(f"--excel is for CSV, not {kind}; leave it out, or write a .csv file")
        if self.target and not kind:
            unknown = f"{self.target.name} has no known suffix ({', '.join(_SUFFIXES)})"
            raise click.UsageError(f"{unknown}; rename it, or use --format")
        self.format = "excel" if self.excel else kind or ("table" if sys.stdout.isatty() else "jsonl")
        if self.target is None and (self.resume or self.format == "xlsx"):
            raise click.UsageError(f"{'--resume' if self.resume else '--format xlsx'} needs --output")
        if self.format == "xlsx":
            require("excel", "xlsxwriter")

    @property
    def runs(self) -> bool:
        """Whether items are written to standard output one by one."""
        return self.target is None and self.format not in AT_ONCE

    @property
    def noun(self) -> str:
        """What one item is called."""
        return self.operation.command.replace("-", " ").removesuffix("s")


def overview() -> str:
    """Returns the names of all lists, with the ids that they need and their fields."""
    document, formatter = shipped(), click.HelpFormatter(max_width=100)
    rows: list[tuple[str, str]] = []
    for each in document.lists:
        needed = [f"<{parameter.name}>" for parameter in each.path_parameters]
        fields = ", ".join(document.fields(document.items(each))) or "fields not documented"
        rows.append((" ".join([each.command, *needed]), fields))
    formatter.write_dl(rows, col_max=40)
    return formatter.getvalue().rstrip("\n")


def _list(name: str) -> Operation:
    lists = {operation.command: operation for operation in shipped().lists}
    if name in lists:
        return lists[name]
    near = get_close_matches(name, lists, n=1)
    hint = f"did you mean {near[0]}?" if near else "`mijnklantportaal list` shows all names"
    raise click.UsageError(f"there is no list {name!r}; {hint}")


def _layout(operation: Operation, columns: str | None) -> Layout:
    fields = shipped().fields(shipped().items(operation))
    asked = () if columns is None else tuple(name.strip() for name in columns.split(","))
    for name in asked:
        if fields and name not in fields:
            raise click.UsageError(f"--columns: there is no field {name!r}; there are {', '.join(fields)}")
    return Layout(asked, fields)
