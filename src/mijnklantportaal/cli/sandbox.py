"""`mijnklantportaal sandbox`: serves an invented portal until Ctrl-C."""

from __future__ import annotations

import os
from contextlib import suppress

import click

from .access import KEY, URL, import_sandbox
from .failures import USAGE, Failure
from .options import shared


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Port to serve on.  [default: a free one]"
)
@click.option(
    "--customers", type=click.IntRange(min=0), default=100, show_default=True, help="How many customers."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed invents other data.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=60,
    show_default=True,
    help="Requests per window; 0: no limit.",
)
@click.option(
    "--window",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds in a window.",
)
@click.option(
    "--latency",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Seconds that each response takes.",
)
@shared("--debug")
def sandbox(*, port: int, customers: int, seed: int, limit: int, window: float, latency: float) -> None:
    """Serve an invented portal on this machine until Ctrl-C.

    Prints the base URL and the key for your shell to take over.
    """
    import threading

    try:
        with (
            suppress(KeyboardInterrupt),
            import_sandbox()(
                port=port, customers=customers, seed=seed, limit=limit or None, window=window, latency=latency
            ) as served,
        ):
            assign = '$env:{} = "{}"' if os.name == "nt" else "export {}={}"  # PowerShell; POSIX
            click.echo(assign.format(URL, served.base_url))
            click.echo(assign.format(KEY, served.api_key))
            threading.Event().wait()
    except (RuntimeError, ValueError) as error:
        raise Failure(USAGE, f"Error: {error}.") from error
