"""The options that several commands share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

C = TypeVar("C", bound="Callable[..., object]")


class Settings:
    """The arguments, and the values of the shared options; made before parsing, so that errors can use it."""

    sandbox: bool = False
    api_key_file: str | None = None
    timeout: float | None = None
    quiet: bool = False
    debug: bool = False

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.arguments = tuple(arguments)


def _set(ctx: click.Context, option: click.Parameter, value: object) -> None:
    setattr(ctx.ensure_object(Settings), option.name or "", value)


_option = partial(click.option, expose_value=False, callback=_set)
_SHARED = {
    "sandbox": _option(
        "--sandbox", is_flag=True, help="Use an embedded sandbox with invented data; needs no key."
    ),
    "api_key_file": _option(
        "--api-key-file",
        type=click.Path(dir_okay=False, allow_dash=True),
        metavar="FILE",
        help="Read the API key from this file; - is standard input.  [default: the environment variable "
        "MIJNKLANTPORTAAL_API_KEY]",
    ),
    "timeout": _option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="How long to wait for the API.  [default: 30, of which 10 to connect]",
    ),
    "quiet": _option("--quiet", "-q", is_flag=True, help="Hide progress and remarks."),
    "debug": _option("--debug", is_flag=True, help="Show tracebacks."),
}


def shared(*names: str) -> Callable[[C], C]:
    """Add some of the shared options to a command; `click.pass_obj` passes it the `Settings`."""

    def decorate(command: C) -> C:
        for name in reversed(names):
            command = _SHARED[name](command)
        return command

    return decorate
