"""The portal and the API key to use. The key never comes from the command line, where `ps` shows it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from .failures import AUTHENTICATION, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mijnklantportaal import MijnKlantportaal, Wait
    from mijnklantportaal.sandbox import Sandbox

    from .options import Settings

KEY = "MIJNKLANTPORTAAL_API_KEY"
URL = "MIJNKLANTPORTAAL_BASE_URL"


class Access(NamedTuple):
    """An API key, where it came from, and the base URL if it is not the document's."""

    api_key: str | None
    source: str
    base_url: str | None
    sandbox: bool = False

    @property
    def address(self) -> str:
        """The base URL."""
        from mijnklantportaal.document import shipped

        return self.base_url or shipped().server

    def key(self) -> str:
        """The API key; raises `Failure` if there is none."""
        if not self.api_key:
            message = f"there is no API key. Set {KEY}, name a file with --api-key-file, or try --sandbox."
            raise Failure(AUTHENTICATION, f"Error: {message}")
        return self.api_key

    def portal(self, timeout: float | None, on_wait: Callable[[Wait], None]) -> MijnKlantportaal:
        """The portal, for the caller to close."""
        from mijnklantportaal.portal import DEFAULT_TIMEOUT, MijnKlantportaal

        return MijnKlantportaal(
            api_key=self.key(),
            base_url=self.base_url,
            timeout=timeout or DEFAULT_TIMEOUT,
            on_wait=on_wait,
        )


@contextmanager
def access(settings: Settings) -> Generator[Access]:
    """The access that the settings ask for; an embedded sandbox runs until the block ends."""
    file = settings.api_key_file
    if settings.sandbox:
        if file:
            raise click.UsageError("--sandbox has its own key; leave out --api-key-file")
        with import_sandbox()() as sandbox:
            yield Access(sandbox.api_key, "the embedded sandbox", sandbox.base_url, sandbox=True)
    elif file:
        source = "standard input" if file == "-" else f"the file {file}"
        yield Access(_read_key(file, source), source, os.environ.get(URL) or None)
    else:
        source = f"the environment variable {KEY}"
        yield Access(os.environ.get(KEY) or None, source, os.environ.get(URL) or None)


def import_sandbox() -> type[Sandbox]:
    """The sandbox, if its extra is installed."""
    try:
        from mijnklantportaal.sandbox import Sandbox
    except ImportError as error:
        raise click.ClickException(str(error)) from error
    return Sandbox


def _read_key(file: str, source: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8-sig") as stream:
            key = str(stream.read()).strip()
    except UnicodeDecodeError:
        raise click.ClickException(f"{source} is not UTF-8; save the API key as plain text") from None
    if not key:
        raise click.ClickException(f"{source} contains no API key")
    return key
