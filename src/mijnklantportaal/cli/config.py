"""`mijnklantportaal config`: what a run would use, without sending anything."""

from __future__ import annotations

import click

from .access import URL, access, masked
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
        for name, value in {
            "API key": key,
            "base URL": f"{base_url}, from {said_by if portal.base_url else 'the OpenAPI document'}",
            "client": f"mijnklantportaal {__version__}, httpx {httpx.__version__}, "
            f"Python {platform.python_version()}",
            "document": f"openapi.yaml {made_of['openapi.yaml']}",
            "generator": made_of["generator"],
        }.items():
            click.echo(f"{name + ':':<11}{value}")
