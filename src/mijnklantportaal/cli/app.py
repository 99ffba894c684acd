"""The command's root: its subcommands, and how it ends."""

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
        except KeyboardInterrupt as error:  # before click sees it, which would print a line of its own
            raise Failure(INTERRUPTED, "Interrupted.") from error
        except BrokenPipeError as error:  # likewise
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

    The API key comes from the environment variable MIJNKLANTPORTAAL_API_KEY or from a file; no key at hand?
    Try: mijnklantportaal customers --sandbox
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (customers, list_, config, check, sandbox):
    app.add_command(_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the process's, and give its exit status."""
    settings = Settings()
    try:
        status: object = app.main(arguments, "mijnklantportaal", standalone_mode=False, obj=settings)
    except ReaderGone:
        # So that Python, which flushes standard output as it ends, has nothing to complain of.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if settings.debug:
            import traceback

            traceback.print_exc()
        code, words = explain(error)
        if code == INTERRUPTED and sys.stderr.isatty():
            click.echo(err=True)  # the terminal's own ^C stands in this line
        click.echo(printable(words), err=True)
        return code
    return status if isinstance(status, int) else 0
