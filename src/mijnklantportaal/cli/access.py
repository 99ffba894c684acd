"""Which portal, and with which key: never from the command line's own words, where `ps` shows it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from .failures import AUTHENTICATION, USAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mijnklantportaal import MijnKlantportaal, Wait
    from mijnklantportaal.sandbox import Sandbox

    from .options import Settings

KEY = "MIJNKLANTPORTAAL_API_KEY"
URL = "MIJNKLANTPORTAAL_BASE_URL"
_LONG_ENOUGH_TO_SHOW_ITS_END = 16


class Access(NamedTuple):
    """A key, where it came from, and the base URL, if it is not the document's."""

    api_key: str | None
    source: str
    base_url: str | None
    sandbox: bool = False

    def portal(
        self, timeout: float | None = None, on_wait: Callable[[Wait], None] | None = None
    ) -> MijnKlantportaal:
        """The portal, for the caller to close."""
        from mijnklantportaal.portal import DEFAULT_TIMEOUT, MijnKlantportaal

        return MijnKlantportaal(
            api_key=self.key(),
            base_url=self.base_url,
            timeout=DEFAULT_TIMEOUT if timeout is None else timeout,
            on_wait=on_wait,
        )

    @property
    def address(self) -> str:
        """The base URL."""
        from mijnklantportaal.document import shipped

        return self.base_url or shipped().server

    def key(self) -> str:
        """The key, which must be there."""
        if not self.api_key:
            raise Failure(
                AUTHENTICATION,
                f"Error: there is no API key. Set {KEY}, name a file with --api-key-file, or try --sandbox.",
            )
        return self.api_key


@contextmanager
def access(settings: Settings) -> Generator[Access]:
    """The access that the settings ask for; the sandbox runs as long as the block."""
    if not settings.sandbox:
        yield _own(settings.api_key_file)
        return
    if settings.api_key_file:
        raise click.UsageError("--sandbox has a key of its own; leave out --api-key-file")
    with import_sandbox()() as sandbox:
        yield Access(sandbox.api_key, "the embedded sandbox", sandbox.base_url, sandbox=True)


def import_sandbox() -> type[Sandbox]:
    """The sandbox, if its extra is installed."""
    try:
        from mijnklantportaal.sandbox import Sandbox
    except ImportError as error:
        raise Failure(USAGE, f"Error: {error}") from error
    return Sandbox


def masked(key: str) -> str:
    """The key as it may be shown: enough of a long one to tell it from another."""
    return f"****{key[-4:]}" if len(key) >= _LONG_ENOUGH_TO_SHOW_ITS_END else "****"


def _own(file: str | None) -> Access:
    url = os.environ.get(URL) or None
    if file is None:
        return Access(os.environ.get(KEY) or None, f"the environment variable {KEY}", url)
    source = "standard input" if file == "-" else f"the file {file}"
    try:
        with click.open_file(file, encoding="utf-8-sig") as stream:
            key = stream.read().strip()
    except UnicodeDecodeError:
        raise Failure(USAGE, f"Error: {source} is not UTF-8 text; save the API key as plain text.") from None
    if not key:
        raise Failure(USAGE, f"Error: {source} holds no API key.")
    return Access(key, source, url)
