"""The options that every command has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound="Callable[..., object]")


class Settings:
    """What the shared options say; made before the command line is read, so that it outlives a failure."""

    sandbox: bool = False
    api_key_file: str | None = None
    quiet: bool = False
    debug: bool = False


def _set(ctx: click.Context, option: click.Parameter, value: object) -> None:
    setattr(ctx.ensure_object(Settings), option.name or "", value)


def shared(command: C) -> C:
    """Give a command the options that every command has; `click.pass_obj` gives it the `Settings`."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, callback=_set, help="Show tracebacks."),
        click.option(
            "--quiet",
            "-q",
            is_flag=True,
            expose_value=False,
            callback=_set,
            help="Show no progress or remarks.",
        ),
        click.option(
            "--api-key-file",
            metavar="FILE",
            expose_value=False,
            callback=_set,
            help="Read the API key from this file; - is standard input.  [default: the environment variable "
            "MIJNKLANTPORTAAL_API_KEY]",
        ),
        click.option(
            "--sandbox",
            is_flag=True,
            expose_value=False,
            callback=_set,
            help="Use an embedded sandbox with invented customers; needs no key.",
        ),
    ):
        command = option(command)
    return command
