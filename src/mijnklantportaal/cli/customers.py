"""`mijnklantportaal customers`: what its options mean, and how it ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import click

from .access import Access, access
from .failures import INTERRUPTED, Failure, explain
from .options import Settings, shared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from .formats import Layout
    from .listing import Order
    from .progress import Progress, Tally

_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}


class _Command(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["typed"] = tuple(args)  # for the command that resumes
        return super().parse_args(ctx, args)


@click.command(cls=_Command)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    help="How to write.  [default: by the suffix of --output; else a table on a terminal, and JSON Lines "
    "elsewhere]",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write to this file, whole or not at all.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.option("--columns", metavar="NAMES", help="Only these fields, by the API's names: id,companyName,city")
@click.option("--excel", is_flag=True, help="CSV as a Dutch Excel opens it: semicolons, byte order mark.")
@click.option("--limit", type=click.IntRange(min=0), help="At most so many customers, after filtering.")
@click.option("--start-page", type=click.IntRange(min=1), default=1, help="Start at this page of 15.")
@click.option(
    "--group", "groups", multiple=True, metavar="ID", help="Only of this group (cug_…); repeat for more."
)
@click.option("--integration", metavar="NAME", help="Only linked to this integration, such as acumulus.")
@click.option("--created-since", metavar="DATE", help="Only created then or later: 2024-04-01, 1 apr 2024.")
@click.option(
    "--created-until", metavar="DATE", help="Only created then or earlier, that whole day included."
)
@shared("--sandbox", "--api-key-file", "--timeout", "--quiet", "--debug")
@click.pass_context
def customers(
    ctx: click.Context,
    *,
    kind: str | None,
    output: str | None,
    force: bool,
    columns: str | None,
    excel: bool,
    limit: int | None,
    start_page: int,
    groups: tuple[str, ...],
    integration: str | None,
    created_since: str | None,
    created_until: str | None,
) -> None:
    """List the customers of the portal.

    The API cannot filter: --group, --integration and --created-… are applied on this machine, to every
    customer that is fetched. Dates are Amsterdam's unless they name a zone, day-first unless they begin with
    the year, and what they leave out means the whole of it: `apr 2024` is that month.
    """
    from pathlib import Path

    from .filters import Filter
    from .listing import Order, fulfil
    from .progress import Tally

    target = Path(output) if output not in {None, "-"} and output else None
    kind = kind or _kind(target, excel=excel)
    if excel and kind != "csv":
        raise click.UsageError("--excel is for CSV; leave it out, or say --format csv")
    since = _period("--created-since", created_since)
    until = _period("--created-until", created_until)
    wanted = Filter(frozenset(groups), integration, since and since[0], until and until[1])
    order = Order(start_page, limit, wanted, kind, _layout(columns, excel=excel), target, force)

    settings = ctx.ensure_object(Settings)
    tally = Tally(start_page)
    progress = _progress(settings, order, tally)
    try:
        with access(settings) as portal:
            with portal.portal(settings.timeout, progress.wait) as opened:
                shifted = fulfil(order, opened, tally, progress)
            _close(settings, order, _summary(portal, tally, progress))
    except KeyboardInterrupt:
        raise Failure(INTERRUPTED, f"Interrupted. {_again(ctx, order, tally, None)}") from None
    except Exception as error:
        page = getattr(error, "page", None)
        if page is None or not tally.customers:
            raise
        status, words = explain(error)
        raise Failure(status, f"{words}\n{_again(ctx, order, tally, page)}") from error
    if shifted and not settings.quiet:
        click.echo(
            "Customers were added or removed meanwhile; run it again if none may be missing.", err=True
        )


def _kind(target: Path | None, *, excel: bool) -> str:
    if excel:
        return "csv"
    if target is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    if target.suffix.lower() not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise click.UsageError(
            f"the format of {target.name} is not clear; end it in {known}, or say --format"
        )
    return _SUFFIXES[target.suffix.lower()]


def _layout(columns: str | None, *, excel: bool) -> Layout:
    from .document import fields
    from .formats import Layout

    documented = fields()
    asked = tuple(name.strip() for name in columns.split(",")) if columns is not None else ()
    for name in asked:
        if name not in documented:
            raise click.UsageError(
                f"--columns: there is no field {name!r}; there are {', '.join(documented)}"
            )
    return Layout(asked, documented, excel)


def _period(option: str, text: str | None) -> tuple[datetime, datetime] | None:
    from datetime import UTC, datetime

    from .dates import period

    try:
        return None if text is None else period(text, datetime.now(UTC))
    except ValueError as error:
        raise click.UsageError(
            f"{option} {text!r}: {error}; write it like 2024-04-01 or '1 apr 2024'"
        ) from error


def _progress(settings: Settings, order: Order, tally: Tally) -> Progress:
    from .progress import Progress

    seen = sys.stderr.isatty() and not settings.quiet
    # Rows that run over the same terminal are a progress of their own, and would be torn by another.
    rows_run = order.target is None and order.kind in {"jsonl", "csv"} and sys.stdout.isatty()
    return Progress(tally, live=seen and not rows_run, remarks=seen and rows_run)


def _summary(portal: Access, tally: Tally, progress: Progress) -> str:
    from .document import server
    from .progress import many

    sandbox = ", invented by the sandbox" if portal.sandbox else ""
    counts = f"{many(tally.matching, 'customer')}, {many(tally.pages, 'page')}, {progress.elapsed():.2f} s"
    return f"{counts} - from {portal.base_url or server()}{sandbox}"


def _close(settings: Settings, order: Order, summary: str) -> None:
    """A table ends with its summary; to other formats it is a remark, for who watches."""
    table = order.kind == "table" and order.target is None
    if not settings.quiet and (table or sys.stderr.isatty()):
        click.echo(summary, err=not table)


def _again(ctx: click.Context, order: Order, tally: Tally, failed_page: int | None) -> str:
    """How to go on: behind what standard output already got, if anything."""
    from .resume import command

    words, typed = ctx.command_path.split(), cast("Sequence[str]", ctx.meta["typed"])
    if order.target is not None or order.kind in {"table", "json"} or not tally.customers:
        return f"Nothing was written. To start again: {command(words, typed)}"
    if failed_page is None:  # perhaps in the midst of a page
        page, done, remark = tally.page, tally.before_page, ", which comes again from its first customer"
    else:
        page, done, remark = failed_page, tally.matching, ""
    left = None if order.limit is None else order.limit - done
    return f"To go on with page {page}{remark}: {command(words, typed, page=page, limit=left)}"
