"""`mijnklantportaal check`: hands over to `mijnklantportaal.contract`."""

from __future__ import annotations

import importlib
import os

import click

from .access import KEY, URL, access
from .failures import USAGE, Failure
from .options import Settings, shared


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@shared
@click.pass_obj
def check(settings: Settings, arguments: tuple[str, ...]) -> int:
    """Check that the API keeps to the document that this client was generated from.

    Further ARGUMENTS are those of `python -m mijnklantportaal.contract`; to list them: check -- --help
    """
    try:
        contract = importlib.import_module("mijnklantportaal.contract.__main__")
    except ImportError as error:
        raise Failure(
            USAGE, 'Error: the check needs its extra: pip install "mijnklantportaal[contract]"'
        ) from error
    with access(settings) as portal:
        # The check reads the environment; the sandbox's key, or that of a file, is not in it yet.
        known = {KEY: portal.api_key, URL: portal.base_url}
        os.environ |= {name: value for name, value in known.items() if value}
        status: int = contract.main(list(arguments))
    return status
