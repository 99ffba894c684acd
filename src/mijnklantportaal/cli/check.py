"""`mijnklantportaal check`: does the API keep to the document?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .access import access
from .failures import FINDINGS, USAGE, Failure, explain
from .options import Settings, shared
from .progress import many

if TYPE_CHECKING:
    from mijnklantportaal.contract import Behaviour, Plan

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="NAME",
    help="Only this one, such as customers or get-ticket, and what its ids are found by; repeat for more.",
)
@click.option("--pages", type=click.IntRange(min=1), help="How many pages of each list.  [default: 2]")
@click.option("--all", "every_page", is_flag=True, help="Every page of each list.")
@click.option(
    "--baseline",
    type=_FILE,
    help="Compare with the shape of responses recorded in this file; record it if there is no such file.",
)
@click.option(
    "--accept", type=_FILE, help="A TOML file of findings that are known: path, kind and reason of each."
)
@click.option("--behaviour", is_flag=True, help="Ask also what the client relies on beyond the document.")
@click.option("--exhaust", is_flag=True, help="With --behaviour: use up the rate limit, to see its end.")
@click.option("--strict", is_flag=True, help="Exit with 1 for drift, too.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["table", "json", "github"]),
    default="table",
    show_default=True,
    help="How to write; github: as annotations of a workflow.",
)
@shared("--sandbox", "--api-key-file", "--timeout", "--quiet", "--debug")
@click.pass_obj
def check(
    settings: Settings,
    *,
    operations: tuple[str, ...],
    pages: int | None,
    every_page: bool,
    baseline: Path | None,
    accept: Path | None,
    behaviour: bool,
    exhaust: bool,
    strict: bool,
    kind: str,
) -> int:
    """Check that the API keeps to its OpenAPI document.

    Asks for everything that can be read, and compares the responses with the document that this client was
    generated from. A breach is what the client fails on, or returns as something other than it declares;
    drift is what it reads all the same. Shows types and paths, never values: fit to be published.
    """
    if pages and every_page:
        raise click.UsageError("--pages and --all exclude each other")
    if exhaust and not behaviour:
        raise click.UsageError("--exhaust goes with --behaviour")
    try:
        from mijnklantportaal.contract import (
            check_behaviour,
            check_portal,
            planned,
            read_accepted,
            read_baseline,
            render,
            write_baseline,
        )
        from mijnklantportaal.contract.behaviour import DEFAULT_TIMEOUT
        from mijnklantportaal.contract.plan import DEFAULT_PAGES
    except ImportError as error:
        raise Failure(USAGE, f"Error: {error}") from error
    try:
        plan = planned(operations, pages=None if every_page else pages or DEFAULT_PAGES)
        before = read_baseline(baseline) if baseline and baseline.exists() else None
        accepted = read_accepted(accept) if accept else ()
    except (LookupError, ValueError) as error:
        raise Failure(USAGE, f"Error: {error.args[0]}.") from error
    say = _nothing if settings.quiet else _say
    with (
        access(settings) as granted,
        granted.portal(
            settings.timeout, lambda wait: say(f"Waiting {wait.seconds:.0f} s: {wait.reason}.")
        ) as portal,
    ):
        say(_announced(plan, behaviour=behaviour, exhaust=exhaust))
        relied_on: tuple[Behaviour, ...] = ()
        if behaviour:
            relied_on = check_behaviour(
                api_key=granted.key(),
                base_url=granted.base_url,
                exhaust=exhaust,
                timeout=settings.timeout or DEFAULT_TIMEOUT,
            )
        report = replace(check_portal(portal, plan, baseline=before, accepted=accepted), behaviour=relied_on)
    click.echo(render(report, kind))
    if baseline and before is None:
        if report.error:
            say(f"Did not record {baseline}: the check did not come to its end.")
        else:
            write_baseline(baseline, report.shapes)
            say(f"Recorded {baseline}.")
    if report.outcome == "breach":
        return FINDINGS
    if report.error:
        return explain(report.error)[0]
    return FINDINGS if strict and report.outcome == "drift" else 0


def _announced(plan: Plan, *, behaviour: bool, exhaust: bool) -> str:
    """What the check is about to do."""
    requests = f"at most {many(plan.requests, 'request')}" if plan.requests else "a request for each page"
    if behaviour:
        requests += ", and 6 for --behaviour"
    if exhaust:
        requests += ", and all that the rate limit has left"
    return f"Checking {many(len(plan.operations), 'operation')} with {requests}."


def _say(words: str) -> None:
    click.echo(words, err=True)


def _nothing(_: str) -> None:
    """Says nothing."""
