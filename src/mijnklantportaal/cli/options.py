"""The options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound="Callable[..., object]")


class Settings:
    """What the shared options say; made before the command line is read, so that it outlives a failure."""

    sandbox: bool = False
    api_key_file: str | None = None
    timeout: float | None = None
    quiet: bool = False
    debug: bool = False


_SHARED: dict[str, dict[str, Any]] = {
    "--sandbox": {
        "is_flag": True,
        "help": "Use an embedded sandbox with invented data; needs no key.",
    },
    "--api-key-file": {
        "type": click.Path(dir_okay=False, allow_dash=True),
        "metavar": "FILE",
        "help": "Read the API key from this file; - is standard input.  [default: the environment variable "
        "MIJNKLANTPORTAAL_API_KEY]",
    },
    "--timeout": {
        "type": click.FloatRange(min=0, min_open=True),
        "metavar": "SECONDS",
        "help": "How long to wait for the API.  [default: 30, of which 10 to connect]",
    },
    "--quiet": {"is_flag": True, "help": "Show no progress or remarks."},
    "--debug": {"is_flag": True, "help": "Show tracebacks."},
}


def shared(*names: str) -> Callable[[C], C]:
    """Give a command some of the shared options; `click.pass_obj` gives it the `Settings`."""

    def decorate(command: C) -> C:
        for name in reversed(names):
            short = ("-q",) if name == "--quiet" else ()
            option = click.option(name, *short, expose_value=False, callback=_set, **_SHARED[name])
            command = option(command)
        return command

    return decorate


def _set(ctx: click.Context, option: click.Parameter, value: object) -> None:
    setattr(ctx.ensure_object(Settings), option.name or "", value)
