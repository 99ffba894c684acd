"""The command `mijnklantportaal`, described in docs/cli.md; needs the extra `mijnklantportaal[cli]`.

Modules import slow dependencies (the client, rich, dateutil) where they use them, so that `--help` is quick.
"""

import sys

from mijnklantportaal._extras import require


def main(*command: str) -> None:
    """Runs the command, or one of its subcommands, and exits with its status."""
    try:
        require("cli", "click", "rich", "dateutil")
        from .app import run

        sys.exit(run([*command, *sys.argv[1:]]))
    except ModuleNotFoundError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(2)
    except KeyboardInterrupt:  # before or after the command handles it
        sys.exit(130)
