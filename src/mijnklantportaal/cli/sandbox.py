"""`mijnklantportaal sandbox`: serves a portal with invented data until Ctrl-C."""

import os
from contextlib import suppress
from typing import Any

import click

from .access import DEBUG, KEY, URL

_COUNT = click.IntRange(min=0)


@click.command(context_settings={"show_default": True})
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, show_default="a free one", help="Port to serve on."
)
@click.option("--customers", type=_COUNT, default=100, help="Number of customers.")
@click.option("--seed", type=int, default=0, help="Seed of the invented data.")
@click.option("--limit", type=_COUNT, default=60, help="Requests per window; 0 for no limit.")
@click.option(
    "--window",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    help="Length of a window in seconds.",
)
@click.option(
    "--latency", type=click.FloatRange(min=0), default=0.0, help="Delay of each response in seconds."
)
@DEBUG
def sandbox(*, limit: int, **options: Any) -> None:
    """Serve a portal with invented data on this machine until Ctrl-C.

    Prints the commands that set the base URL and the key in your shell.
    """
    import threading

    from mijnklantportaal.sandbox import Sandbox

    try:
        with suppress(KeyboardInterrupt), Sandbox(limit=limit or None, **options) as served:
            assign = '$env:{} = "{}"' if os.name == "nt" else "export {}={}"  # PowerShell; POSIX
            click.echo(assign.format(URL, served.base_url))
            click.echo(assign.format(KEY, served.api_key))
            threading.Event().wait()
    except (RuntimeError, ValueError) as error:
        raise click.ClickException(str(error)) from error
