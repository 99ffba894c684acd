"""`mijnklantportaal sandbox`: serves an invented portal until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress

import click

from .access import import_sandbox
from .failures import USAGE, Failure
from .options import shared


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Port to serve on.  [default: a free one]"
)
@click.option(
    "--customers", type=click.IntRange(min=0), default=100, show_default=True, help="How many customers."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed invents other customers.")
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
    help="Its seconds.",
)
@click.option(
    "--latency",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Seconds that an answer takes.",
)
@shared
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
            from ..sandbox.shell import assignments

            click.echo(assignments(served))
            threading.Event().wait()
    except (RuntimeError, ValueError) as error:
        raise Failure(USAGE, f"Error: {error}.") from error
