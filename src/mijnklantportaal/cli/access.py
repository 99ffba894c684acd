"""The options that commands share, and the API key and the portal that they name.

The key never comes from the command line, where `ps` shows it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mijnklantportaal import MijnKlantportaal, Wait

KEY = "MIJNKLANTPORTAAL_API_KEY"
URL = "MIJNKLANTPORTAAL_BASE_URL"

SANDBOX = click.option(
    "--sandbox", is_flag=True, help="Use an embedded sandbox with invented data; needs no key."
)
API_KEY_FILE = click.option(
    "--api-key-file",
    type=click.File(encoding="utf-8-sig"),
    metavar="FILE",
    help=f"Read the API key from this file; - is standard input.  [default: the environment variable {KEY}]",
)
TIMEOUT = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long to wait for the API.  [default: 30, of which 10 to connect]",
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Hide progress and notes.")
DEBUG = click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")


class Access(NamedTuple):
    """An API key (empty if there is none), its source, and the base URL."""

    api_key: str
    source: str
    base_url: str

    def portal(self, timeout: float | None, on_wait: Callable[[Wait], None] | None) -> MijnKlantportaal:
        """Returns the portal, for the caller to close."""
        from mijnklantportaal.portal import DEFAULT_TIMEOUT, MijnKlantportaal

        return MijnKlantportaal(
            api_key=self.api_key,
            base_url=self.base_url,
            timeout=timeout or DEFAULT_TIMEOUT,
            on_wait=on_wait,
        )


@contextmanager
def access(*, sandbox: bool, api_key_file: TextIO | None, needs_key: bool = True) -> Generator[Access]:
    """The access that the options name; an embedded sandbox runs until the block ends."""
    if sandbox:
        if api_key_file:
            raise click.UsageError("--sandbox has its own key; leave out --api-key-file")
        from mijnklantportaal.sandbox import Sandbox

        with Sandbox() as served:
            yield Access(served.api_key, "the embedded sandbox", served.base_url)
        return
    from mijnklantportaal.document import shipped

    key, source = os.environ.get(KEY, ""), f"the environment variable {KEY}"
    if api_key_file:
        source = "standard input" if api_key_file.name == "<stdin>" else f"the file {api_key_file.name}"
        try:
            key = api_key_file.read().strip()
        except UnicodeDecodeError:
            raise click.ClickException(f"{source} is not UTF-8; save the API key as plain text") from None
        if not key:
            raise click.ClickException(f"{source} contains no API key")
    elif needs_key and not key:
        from mijnklantportaal.errors import AuthenticationError

        advice = f"Set {KEY}, name a file with --api-key-file, or try --sandbox"
        raise AuthenticationError("there is no API key", next_step=advice)
    yield Access(key, source, os.environ.get(URL) or shipped().server)
