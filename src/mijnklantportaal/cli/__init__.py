"""The command `mijnklantportaal`, described in docs/cli.md; needs the extra `mijnklantportaal[cli]`.

Modules import slow dependencies (the client, rich, dateutil) where they use them, so that `--help` is quick.
"""

import sys
from importlib.util import find_spec


def main(*command: str) -> None:
    """Run the command, or one of its subcommands, and exit with its status."""
    missing = [name for name in ("click", "rich", "dateutil") if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f'mijnklantportaal: the command needs {", ".join(missing)}: pip install "mijnklantportaal[cli]"\n'
        )
        sys.exit(2)
    try:
        from .app import run

        sys.exit(run([*command, *sys.argv[1:]]))
    except KeyboardInterrupt:  # before or after the command handles it
        sys.exit(130)
