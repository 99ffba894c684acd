"""`mijnklantportaal list` and `mijnklantportaal customers`: their options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mijnklantportaal._extras import require

from .access import API_KEY_FILE, DEBUG, QUIET, SANDBOX, TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mijnklantportaal.document import Operation

    from .cells import Layout
    from .filters import Filter

    Period = tuple[datetime, datetime]

C = TypeVar("C", bound="Callable[..., object]")
_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx"}


def listing_options(command: C) -> C:
    """Adds the options of every listing to a command, which receives them as keywords."""
    for option in (
        DEBUG,
        QUIET,
        TIMEOUT,
        API_KEY_FILE,
        SANDBOX,
        click.option("--certain", is_flag=True, help="List again until no new items turn up."),
        click.option(
            "--start-page",
            default="1",
            metavar="PAGE",
            type=_start,
            help="Start at this page (15 items each), or at the position in a message on how to resume.",
        ),
        click.option("--limit", type=click.IntRange(min=0), help="Maximum number of items, after filtering."),
        click.option("--excel", is_flag=True, help="CSV for a Dutch Excel: semicolons, byte order mark."),
        click.option("--columns", metavar="NAMES", help="Only these fields, by the API's names: id,city"),
        click.option("--resume", is_flag=True, help="Continue the --output of an interrupted run."),
        click.option("--force", is_flag=True, help="Overwrite the file if it exists."),
        click.option(
            "--output",
            "-o",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Write to this file; it appears when it is complete.",
        ),
        click.option(
            "--format",
            "kind",
            type=click.Choice(["table", *dict.fromkeys(_SUFFIXES.values())]),
            help="Output format.  [default: by the suffix of --output; otherwise a table on a terminal, and "
            "JSON Lines elsewhere]",
        ),
    ):
        command = option(command)
    return command


def _start(text: str) -> int | str:
    from mijnklantportaal.pagination.options import Anchor

    try:
        return int(text) if text.isdecimal() and int(text) else str(Anchor.parse(text))
    except ValueError:
        raise click.BadParameter(f"{text!r} is neither a page nor a position to resume from") from None


def _period(text: str) -> Period:
    from datetime import UTC, datetime

    from .filters import period

    try:
        return period(text, datetime.now(UTC))
    except ValueError as error:
        message = f"{text!r}: {error}; write it like 2024-04-01 or '1 apr 2024'"
        raise click.BadParameter(message) from error


def _names(_ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    return [name for name in _lists() if name.startswith(begun)]


@click.command("list")
@click.argument("name", required=False, shell_complete=_names)
@click.argument("ids", nargs=-1)
@listing_options
def list_(*, name: str | None, ids: tuple[str, ...], **options: Any) -> None:
    """List the items of any list that the API has.

    Without a NAME, shows the names of all lists, the IDS they need, and their fields.
    """
    from .filters import Filter

    if name is not None:
        _list(name, ids, Filter(), **options)
    elif len(click.get_current_context().obj) > 1:
        raise click.UsageError("which list? Add its NAME; `mijnklantportaal list` shows all names")
    else:
        click.echo(_overview())


@click.command
@click.option(
    "--group", "groups", multiple=True, metavar="ID", help="Only this group (cug_…); repeatable: any of them."
)
@click.option("--integration", metavar="NAME", help="Only linked to this integration, such as acumulus.")
@click.option(
    "--created-since", metavar="DATE", type=_period, help="Created on this day or later: 1 apr 2024."
)
@click.option("--created-until", metavar="DATE", type=_period, help="Created on this day or earlier.")
@listing_options
def customers(
    *,
    groups: tuple[str, ...],
    integration: str | None,
    created_since: Period | None,
    created_until: Period | None,
    **options: Any,
) -> None:
    """List the customers of the portal.

    The API cannot filter: --group, --integration and --created-… are applied on this machine, to every
    customer that is fetched. Dates are in Amsterdam's time unless they name a zone, and day-first unless they
    begin with the year. `apr 2024` means that whole month, and `2024` that year.
    """
    from .filters import Filter

    since, until = created_since and created_since[0], created_until and created_until[1]
    wanted = Filter(tuple(sorted(groups)), integration, since, until)
    _list("customers", (), wanted, **options)


def _list(
    name: str,
    ids: tuple[str, ...],
    wanted: Filter,
    *,
    kind: str | None,
    output: Path | None,
    columns: str | None,
    excel: bool,
    **options: Any,
) -> None:
    from .run import Order, run

    operation, arguments = _found(name), click.get_current_context().obj
    target = None if output == Path("-") else output
    kind = "excel" if excel and kind in {None, "csv"} else kind or _kind(target)
    order = Order(operation, ids, wanted, arguments, kind, _layout(operation, columns), target, **options)
    needed = [parameter.name for parameter in operation.path_parameters]
    if len(ids) != len(needed):
        raise click.UsageError(f"{name} needs {' and '.join(needed) or 'no ids'}")
    if excel and kind != "excel":
        raise click.UsageError("--excel is for CSV; leave it out, or use --format csv")
    if target is None and (order.resume or kind == "xlsx"):
        raise click.UsageError(f"{'--resume' if order.resume else '--format xlsx'} needs --output")
    if kind == "xlsx":
        require("excel", "xlsxwriter")
    run(order)


def _lists() -> dict[str, Operation]:
    from mijnklantportaal.document import shipped

    return {operation.command: operation for operation in shipped().lists}


def _found(name: str) -> Operation:
    from difflib import get_close_matches

    lists = _lists()
    if name in lists:
        return lists[name]
    near = get_close_matches(name, lists, n=1)
    hint = f"did you mean {near[0]}?" if near else "`mijnklantportaal list` shows all names"
    raise click.UsageError(f"there is no list {name!r}; {hint}")


def _overview() -> str:
    from mijnklantportaal.document import shipped

    document, formatter = shipped(), click.HelpFormatter(max_width=100)
    rows: list[tuple[str, str]] = []
    for each in document.lists:
        needed = [f"<{parameter.name}>" for parameter in each.path_parameters]
        fields = ", ".join(document.fields(document.items(each))) or "fields not documented"
        rows.append((" ".join([each.command, *needed]), fields))
    formatter.write_dl(rows, col_max=40)
    return formatter.getvalue().rstrip("\n")


def _kind(target: Path | None) -> str:
    if target is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    if target.suffix.lower() not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise click.UsageError(f"{target.name} has no known suffix ({known}); rename it, or use --format")
    return _SUFFIXES[target.suffix.lower()]


def _layout(operation: Operation, columns: str | None) -> Layout:
    from mijnklantportaal.document import shipped

    from .cells import Layout

    fields = shipped().fields(shipped().items(operation))
    asked = () if columns is None else tuple(name.strip() for name in columns.split(","))
    for name in asked:
        if fields and name not in fields:
            raise click.UsageError(f"--columns: there is no field {name!r}; there are {', '.join(fields)}")
    return Layout(asked, fields)
