"""`mijnklantportaal config`: what a run would use, without sending anything."""

from __future__ import annotations

import click

from .access import URL, access, masked
from .failures import printable
from .options import Settings, shared


@click.command()
@shared("--sandbox", "--api-key-file", "--debug")
@click.pass_obj
def config(settings: Settings) -> None:
    """Show which key, portal and OpenAPI document are used.

    Nothing is sent, and the key is masked.
    """
    import platform

    import httpx

    from mijnklantportaal import MijnKlantportaal, __version__
    from mijnklantportaal.document import provenance

    with access(settings) as portal:
        base_url = portal.address
        MijnKlantportaal(api_key=portal.api_key or "none", base_url=base_url).close()  # says what is wrong
        key = (
            f"{masked(portal.api_key)}, from {portal.source}"
            if portal.api_key
            else f"none, in {portal.source}"
        )
        said_by = portal.source if portal.sandbox else f"the environment variable {URL}"
        made_of = provenance()
        versions = f"httpx {httpx.__version__}, Python {platform.python_version()}"
        lines = [
            ("API key", key),
            ("base URL", f"{base_url}, from {said_by if portal.base_url else 'the OpenAPI document'}"),
            ("client", f"mijnklantportaal {__version__}, {versions}"),
            ("document", f"openapi.yaml {made_of['openapi.yaml']}"),
            ("generator", made_of["generator"]),
            *_notes(made_of.get("notes", [])),
        ]
        for name, value in lines:
            click.echo(printable(f"{name + ':':<12}{value}"))


def _notes(notes: list[dict[str, str]]) -> list[tuple[str, str]]:
    """What is not taken from the document as it stands, said once, however many places it is about."""
    places: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        places.setdefault((note["kind"], note["what"]), []).append(note["where"])
    return [
        (kind, f"{where[0] if len(where) == 1 else f'{len(where)} places'}: {what}")
        for (kind, what), where in places.items()
    ]
