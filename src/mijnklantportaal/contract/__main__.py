"""python -m mijnklantportaal.contract: checks your own portal against the document."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from mijnklantportaal.contract import FORMATS, Report, check_portal, render
from mijnklantportaal.contract.check import LIST_CUSTOMERS
from mijnklantportaal.contract.live import DEFAULT_PAGES
from mijnklantportaal.errors import ConfigurationError
from mijnklantportaal.portal import MijnKlantportaal

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a portal and print what was found; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with MijnKlantportaal() as portal:
            report = check_portal(portal, pages=None if options.all else options.pages)
    except ConfigurationError as error:
        report = Report(LIST_CUSTOMERS, stopped=str(error))
    print(render(report, options.format))
    return report.exit_status(strict=options.strict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mijnklantportaal.contract",
        description="Check whether the API's answers keep to the document that this client was made from. "
        "Reads MIJNKLANTPORTAAL_API_KEY and MIJNKLANTPORTAAL_BASE_URL; prints types and paths, never values.",
        epilog="Exit status: 0 all well, or drift only; 1 a breach; 2 it could not be checked.",
    )
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--pages",
        type=_positive,
        default=DEFAULT_PAGES,
        metavar="N",
        help="pages to list (default: %(default)s)",
    )
    extent.add_argument("--all", action="store_true", help="list every page")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for drift too")
    parser.add_argument("--format", choices=FORMATS, default="table", help="(default: %(default)s)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
