"""`mijnklantportaal check`: does the API conform to its OpenAPI document?"""

import os
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import click

from .access import API_KEY_FILE, DEBUG, QUIET, SANDBOX, TIMEOUT, access
from .failures import FINDINGS, TROUBLE, explain, printable

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="NAME",
    help="Only this operation, such as customers or get-ticket, and those that supply its ids; repeatable.",
)
@click.option(
    "--pages",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="Maximum number of pages per list; 0 for all.",
)
@click.option(
    "--baseline",
    type=_FILE,
    help="Compare with the shape of responses recorded in this file; record it if the file does not exist.",
)
@click.option("--accept", type=_FILE, help="TOML file of known findings: path, kind and reason of each.")
@click.option(
    "--behaviour",
    is_flag=True,
    help="Also check behaviour that the client relies on, but the document does not describe.",
)
@click.option("--exhaust", is_flag=True, help="With --behaviour: use up the rate limit to check a 429.")
@click.option("--strict", is_flag=True, help="Exit with 1 on drift as well.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["table", "json", "github"]),
    default="table",
    show_default=True,
    help="Output format; github: annotations of a GitHub Actions run.",
)
@SANDBOX
@API_KEY_FILE
@TIMEOUT
@QUIET
@DEBUG
def check(
    *,
    operations: tuple[str, ...],
    pages: int,
    baseline: Path | None,
    accept: Path | None,
    behaviour: bool,
    exhaust: bool,
    strict: bool,
    kind: str,
    sandbox: bool,
    api_key_file: TextIO | None,
    timeout: float | None,
    quiet: bool,
) -> int:
    """Check that the API conforms to its OpenAPI document.

    Requests everything that can be read, and compares the responses with the document that this client was
    generated from. A breach makes the client fail, or return something that its types do not allow; drift
    does not. The report contains types and paths, but no values, so you can publish it.
    """
    if exhaust and not behaviour:
        raise click.UsageError("--exhaust needs --behaviour")
    from mijnklantportaal import contract

    from .progress import many, print_wait

    try:
        plan = contract.Plan(operations, pages=pages or None)
        before = contract.read_baseline(baseline) if baseline and baseline.exists() else None
        accepted = contract.read_accepted(accept) if accept else ()
    except (LookupError, ValueError) as error:
        raise click.ClickException(str(error.args[0])) from error
    if baseline and before is None and not os.access(baseline.parent, os.W_OK):
        raise click.ClickException(f"{baseline.parent} is not a folder that can be written to")

    def say(message: str) -> None:
        if not quiet:
            click.echo(message, err=True)

    with (
        access(sandbox=sandbox, api_key_file=api_key_file) as granted,
        granted.portal(timeout, None if quiet else print_wait) as portal,
    ):
        requests = f"at most {many(plan.requests, 'request')}" if plan.requests else "one request per page"
        requests += ", 6 more for --behaviour" * behaviour
        requests += ", then all that the rate limit still allows" * exhaust
        say(f"Checking {many(len(plan.operations), 'operation')} with {requests}.")
        observed: tuple[contract.Behaviour, ...] = ()
        if behaviour:
            observed = contract.check_behaviour(
                api_key=granted.api_key,
                base_url=granted.base_url,
                exhaust=exhaust,
                timeout=timeout,
            )
        report = contract.check_portal(portal, plan, baseline=before, accepted=accepted)
    report = replace(report, behaviour=observed)
    click.echo(printable(contract.render(report, kind)))
    if baseline and before is None:
        if report.error:
            say(f"Did not record {baseline}: the check stopped early.")
        else:
            contract.write_baseline(baseline, report.shapes)
            say(f"Recorded {baseline}.")
    if report.outcome == "breach":
        return FINDINGS
    if report.error:
        return explain(report.error)[0]
    if {each.outcome for each in observed} == {"not checked"}:
        return TROUBLE
    return FINDINGS if strict and report.outcome == "drift" else 0
