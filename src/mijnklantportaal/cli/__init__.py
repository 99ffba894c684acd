"""The command `mijnklantportaal`, described in docs/cli.md; needs the extra `mijnklantportaal[cli]`.

Modules import what is slow (the client, rich, dateutil) where they use it, so that `--help` is quick.
"""

import sys
from importlib.util import find_spec


def main(*command: str) -> None:
    """Run the command, or one of its subcommands, and exit with one of the documented statuses."""
    missing = [name for name in ("click", "rich", "dateutil") if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f'mijnklantportaal: the command needs {", ".join(missing)}: pip install "mijnklantportaal[cli]"\n'
        )
        sys.exit(2)
    try:
        from .app import run

        sys.exit(run([*command, *sys.argv[1:]]))
    except KeyboardInterrupt:  # too early, or too late, for the command's own message
        sys.exit(130)
