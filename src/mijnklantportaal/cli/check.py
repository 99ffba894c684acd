"""`mijnklantportaal check`: does the API keep to the document?"""

from __future__ import annotations

import click

from .access import access
from .failures import FINDINGS, USAGE, Failure, explain
from .options import Settings, shared


@click.command()
@click.option("--pages", type=click.IntRange(min=1), help="How many pages to list.  [default: 3]")
@click.option("--all", "every_page", is_flag=True, help="List every page.")
@click.option("--strict", is_flag=True, help="Exit with 1 for drift, too.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["table", "json", "github"]),
    default="table",
    show_default=True,
    help="How to write; github: as annotations of a workflow.",
)
@shared("--sandbox", "--api-key-file", "--timeout", "--debug")
@click.pass_obj
def check(settings: Settings, *, pages: int | None, every_page: bool, strict: bool, kind: str) -> int:
    """Check that the API keeps to its OpenAPI document.

    Compares responses with the document that this client was generated from. A breach is what the document
    rules out, drift is what it does not mention. Shows types and paths, never values.
    """
    if pages and every_page:
        raise click.UsageError("--pages and --all exclude each other")
    try:
        from mijnklantportaal.contract import check_portal, render
        from mijnklantportaal.contract.live import DEFAULT_PAGES
    except ImportError as error:
        raise Failure(USAGE, f"Error: {error}") from error
    with access(settings) as granted, granted.portal(settings.timeout) as portal:
        report = check_portal(portal, pages=None if every_page else pages or DEFAULT_PAGES)
    click.echo(render(report, kind))
    if report.outcome == "cannot check" and report.stopped is not None:
        return explain(report.stopped)[0]
    return FINDINGS if report.outcome == "breach" or (strict and report.findings) else 0
