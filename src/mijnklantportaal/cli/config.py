"""`mijnklantportaal config`: shows what a run would use, without sending anything."""

import os
from collections.abc import Iterable
from typing import TextIO

import click

from .access import API_KEY_FILE, DEBUG, SANDBOX, URL, access
from .failures import printable

_SHOWS_ITS_END = 16


@click.command()
@SANDBOX
@API_KEY_FILE
@DEBUG
def config(*, sandbox: bool, api_key_file: TextIO | None) -> None:
    """Show which key, portal and OpenAPI document are used.

    Sends nothing, and masks the key.
    """
    import platform

    import httpx

    from mijnklantportaal import MijnKlantportaal, __version__
    from mijnklantportaal.document import provenance

    with access(sandbox=sandbox, api_key_file=api_key_file, needs_key=False) as portal:
        key, base_url = portal.api_key, portal.base_url
        MijnKlantportaal(api_key=key or "none", base_url=base_url).close()  # raises if one is invalid
        named_by = f"the environment variable {URL}" if os.environ.get(URL) else "the OpenAPI document"
        made_of = provenance()
        versions = f"httpx {httpx.__version__}, Python {platform.python_version()}"
        shown = f"{masked(key)}, from {portal.source}" if key else f"none ({portal.source} is not set)"
        lines = [
            ("API key", shown),
            ("base URL", f"{base_url}, from {portal.source if sandbox else named_by}"),
            ("client", f"mijnklantportaal {__version__}, {versions}"),
            ("document", f"openapi.yaml {made_of['openapi.yaml']}"),
            ("generator", made_of["generator"]),
            *_notes(made_of.get("notes", [])),
        ]
        for name, value in lines:
            click.echo(printable(f"{name + ':':<12}{value}"))


def masked(key: str) -> str:
    """Returns the key as it may be shown: if it is long, with its last four characters."""
    return f"****{key[-4:]}" if len(key) >= _SHOWS_ITS_END else "****"


def _notes(notes: Iterable[dict[str, str]]) -> list[tuple[str, str]]:
    """Returns how the client differs from the document: each difference once, with the number of places."""
    places: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        places.setdefault((note["kind"], note["what"]), []).append(note["where"])
    return [
        (kind, f"{where[0] if len(where) == 1 else f'{len(where)} places'}: {what}")
        for (kind, what), where in places.items()
    ]
