"""The root of the command: its subcommands and exit status."""

import os
import sys
from collections.abc import Sequence

import click

from mijnklantportaal._version import __version__

from .check import check
from .config import config
from .failures import INTERRUPTED, STATUSES, explain, printable
from .lists import customers, list_
from .sandbox import sandbox

_NAME = "mijnklantportaal"
_COMPLETE = "_MIJNKLANTPORTAAL_COMPLETE"


@click.group(
    commands=[customers, list_, config, check, sandbox],
    epilog=STATUSES,
    invoke_without_command=True,
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name=_NAME)
@click.pass_context
def app(ctx: click.Context) -> None:
    """List the customers, and other data, of a MijnKlantportaal portal.

    The API key comes from the environment variable MIJNKLANTPORTAAL_API_KEY or from a file. To try it without
    a key: mijnklantportaal customers --sandbox
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: Sequence[str]) -> int:
    """Runs the command with these arguments; returns its exit status."""
    try:
        if complete := os.environ.get(_COMPLETE):
            from click.shell_completion import shell_complete

            return shell_complete(app, {}, _NAME, _COMPLETE, complete)
        # Not click's main(), which has messages of its own for Ctrl-C and a closed pipe.
        with app.make_context(_NAME, [*arguments], obj=tuple(arguments)) as context:
            status: object = app.invoke(context)
    except click.exceptions.Exit as end:  # after --help or --version
        return end.exit_code
    except BrokenPipeError:  # the reader of the pipe, such as `head`, has exited
        # Python flushes standard output when it exits, which must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:
        if "--debug" in arguments:
            import traceback

            traceback.print_exc()
        code, message = explain(error)
        if code == INTERRUPTED and sys.stderr.isatty():
            click.echo(err=True)  # the terminal has printed ^C on this line
        click.echo(printable(message), err=True)
        return code
    return status if isinstance(status, int) else 0
