"""One run of a listing command: what it says while it lists, and how it ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .access import Access, access
from .failures import INTERRUPTED, Failure, explain
from .files import check_target
from .formats import AT_ONCE
from .listing import Order, fulfil
from .part import Part, open_part
from .progress import Progress, Tally, many

if TYPE_CHECKING:
    from collections.abc import Callable

    from .options import Settings


def run(order: Order, settings: Settings, command: Callable[..., str]) -> None:
    """List as ordered.

    Args:
        order: What to list.
        settings: The shared options.
        command: Gives the command line that lists it again, or resumes: `resume.command`.

    Raises:
        Failure: It was interrupted, or failed when some items were there already.
    """
    tally = Tally(order.start_page, noun=order.operation.command.replace("-", " ").removesuffix("s"))
    progress = _progress(settings, order, tally)
    with access(settings) as granted:
        part = _part(order, granted, tally)
        try:
            with granted.portal(settings.timeout, progress.wait) as portal:
                shifted = fulfil(order, portal, tally, progress, part)
        except KeyboardInterrupt:
            raise Failure(INTERRUPTED, f"Interrupted. {_hint(order, tally, part, command)}") from None
        except Exception as error:
            if not (part.count if part is not None else getattr(error, "page", None) and tally.items):
                raise
            status, said = explain(error)
            raise Failure(status, f"{said}\n{_hint(order, tally, part, command)}") from error
        finally:
            if part is not None:
                part.close()
        _close(settings, order, _summary(granted, tally, progress))
    if shifted and not order.certain and not settings.quiet:
        click.echo("Items were added or removed meanwhile; if none may be missing, use --certain.", err=True)


def _part(order: Order, granted: Access, tally: Tally) -> Part | None:
    """What is there of the file; refuses beforehand what could not be written in the end."""
    if order.target is None:
        return None
    granted.key()
    check_target(order.target, force=order.force)
    portal = "the sandbox" if granted.sandbox else granted.address
    contents = f"{order.operation} {' '.join(order.ids)} of {portal}, {order.wanted}"
    part = open_part(order.target, contents, order.start_page, resume=order.resume, force=order.force)
    tally.kept = part.count
    return part


def _progress(settings: Settings, order: Order, tally: Tally) -> Progress:
    seen = sys.stderr.isatty() and not settings.quiet
    # Rows that run over the same terminal are a progress of their own, and would be torn by another.
    rows_run = order.target is None and order.kind not in AT_ONCE and sys.stdout.isatty()
    return Progress(tally, live=seen and not rows_run, remarks=seen and rows_run)


def _summary(granted: Access, tally: Tally, progress: Progress) -> str:
    source = "invented by the sandbox" if granted.sandbox else f"from {granted.address}"
    counts = f"{many(tally.total, tally.noun)}, {many(tally.pages, 'page')}, {progress.elapsed():.2f} s"
    return f"{counts} - {source}"


def _close(settings: Settings, order: Order, summary: str) -> None:
    """A table ends with its summary; to other formats it is a remark, for who watches."""
    table = order.kind == "table" and order.target is None
    if not settings.quiet and (table or sys.stderr.isatty()):
        click.echo(summary, err=not table)


def _hint(order: Order, tally: Tally, part: Part | None, command: Callable[..., str]) -> str:
    """How to resume: what a file has so far is kept beside it, and standard output has what it got."""
    if part is not None and part.count:
        kept = f"{many(part.count, tally.noun)} kept in {part.path}"
        return f"{kept}. To continue: {command(resume=True)}"
    if part is not None or order.kind in AT_ONCE or not tally.items:
        return f"Nothing was written. To start again: {command()}"
    again = tally.matching - tally.before
    remark = f", with the last {many(again, tally.noun)} again" if again else ""
    left = None if order.limit is None else order.limit - tally.before
    return f"To resume{remark}: {command(start=tally.anchor, limit=left)}"
