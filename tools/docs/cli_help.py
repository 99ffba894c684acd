"""Writes every command's --help into docs/cli.md, or checks it: `python -m tools.docs.cli_help [--check]`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from mijnklantportaal.cli.app import app

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
BEGIN: Final = "<!-- help -->\n"
END: Final = "<!-- end of help -->\n"


def rendered(page: str) -> str:
    """Return the page with the current help between its markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    sections = "".join(
        f"\n### {path}\n\n```text\n{text}\n```\n" for path, text in helps(app, "mijnklantportaal")
    )
    return f"{before}{BEGIN}{sections}\n{END}{after}"


def helps(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Yield each command's path and its help, 80 columns wide, as in a terminal."""
    settings = command.context_settings
    context = click.Context(command, info_name=name, parent=parent, terminal_width=80, **settings)
    yield context.command_path, command.get_help(context)
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        yield from helps(child, child.name or "", context)


def main(arguments: list[str]) -> int:
    """Write or check the page; the exit status is 1 if it is out of date."""
    old = PAGE.read_text(encoding="utf-8")
    new = rendered(old)
    if "--check" not in arguments:
        PAGE.write_text(new, encoding="utf-8", newline="\n")
    elif old != new:
        print("docs/cli.md is out of date: run `make docs-cli`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
