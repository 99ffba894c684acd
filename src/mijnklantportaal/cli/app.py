"""The root of the command: its subcommands and exit status."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from mijnklantportaal._version import __version__

from .check import check
from .config import config
from .failures import INTERRUPTED, STATUSES, Failure, ReaderGone, explain, printable
from .lists import customers, list_
from .options import Settings
from .sandbox import sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence


class _App(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:  # before click prints a line of its own
            raise Failure(INTERRUPTED, "Interrupted.") from error
        except BrokenPipeError as error:
            raise ReaderGone from error


@click.group(
    cls=_App,
    epilog=STATUSES,
    invoke_without_command=True,
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="mijnklantportaal")
@click.pass_context
def app(ctx: click.Context) -> None:
    """A MijnKlantportaal portal in a terminal, a spreadsheet or a pipe.

    The API key comes from the environment variable MIJNKLANTPORTAAL_API_KEY or from a file. To try it without
    a key: mijnklantportaal customers --sandbox
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (customers, list_, config, check, sandbox):
    app.add_command(_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default those of the process; returns its exit status."""
    settings = Settings(sys.argv[1:] if arguments is None else arguments)
    try:
        status: object = app.main(arguments, "mijnklantportaal", standalone_mode=False, obj=settings)
    except ReaderGone:
        # Python flushes standard output when it exits, which must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if settings.debug:
            import traceback

            traceback.print_exc()
        code, message = explain(error)
        if code == INTERRUPTED and sys.stderr.isatty():
            click.echo(err=True)  # the terminal has printed ^C on this line
        click.echo(printable(message), err=True)
        return code
    return status if isinstance(status, int) else 0
