"""`mijnklantportaal list` and `mijnklantportaal customers`: their options."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from .access import API_KEY_FILE, DEBUG, QUIET, SANDBOX, TIMEOUT


def listing_options(command: Callable[..., None]) -> Callable[..., None]:
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
            type=click.Choice(["table", "json", "jsonl", "csv", "xlsx"]),
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


def _period(text: str) -> tuple[datetime, datetime]:
    from .filters import period

    try:
        return period(text, datetime.now(UTC))
    except ValueError as error:
        message = f"{text!r}: {error}; use a form such as 2024-04-01 or '1 apr 2024'"
        raise click.BadParameter(message) from error


def _names(_ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    from mijnklantportaal.document import shipped

    return [each.command for each in shipped().lists if each.command.startswith(begun)]


@click.command("list")
@click.argument("name", required=False, shell_complete=_names)
@click.argument("ids", nargs=-1)
@listing_options
def list_(*, name: str | None, **options: Any) -> None:
    """List the items of any paginated list that the API has.

    Without a NAME, shows the names of all lists, the IDS they need, and their fields.
    """
    from .order import Order, overview
    from .run import run

    if name is not None:
        run(Order(name=name, **options))
    elif len(click.get_current_context().obj) > 1:
        raise click.UsageError("add the NAME of a list; `mijnklantportaal list` shows all names")
    else:
        click.echo(overview())


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
def customers(**options: Any) -> None:
    """List the customers of the portal.

    The API cannot filter: --group, --integration and --created-… are applied on this machine, to every
    customer that is fetched. Dates are in Amsterdam's time unless they name a zone, and day-first unless they
    begin with the year. `apr 2024` means that whole month, and `2024` that year.
    """
    from .order import Order
    from .run import run

    run(Order(name="customers", **options))
