"""Runs a listing: fetches the items, writes them, and says how to resume if it fails."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import click

from .access import Access, access
from .failures import Failure, explain
from .files import check_target, standard_output, written_whole
from .formats import AT_ONCE, WRITERS
from .part import Part, open_part
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from mijnklantportaal import Listing
    from mijnklantportaal.document import Operation
    from mijnklantportaal.portal import PortalClient

    from .columns import Layout
    from .filters import Filter
    from .options import Settings


class Order(NamedTuple):
    """What to list, and where and how to write it."""

    operation: Operation
    ids: tuple[str, ...]
    wanted: Filter
    start_page: int | str
    limit: int | None
    certain: bool
    kind: str
    layout: Layout
    target: Path | None
    force: bool
    resume: bool

    @property
    def runs(self) -> bool:
        """Whether standard output gets each item as soon as it is there."""
        return self.target is None and self.kind not in AT_ONCE


class Item(dict[str, Any]):
    """An item as the API sends it; a listing knows it by its id."""

    @property
    def id(self) -> object:
        """The item's id, if it has one."""
        return self.get("id")


class Page(NamedTuple):
    """The part of a page that a listing reads."""

    data: list[Item]
    next_page_url: str | None
    current_page: int


def run(order: Order, settings: Settings) -> None:
    """List as ordered.

    Raises:
        Failure: It was interrupted, or failed after some items; the message says how to resume.
    """
    seen = sys.stderr.isatty() and not settings.quiet
    # Rows that scroll over the same terminal show the progress, and would be torn by another line.
    scrolls = order.runs and sys.stdout.isatty()
    noun = order.operation.command.replace("-", " ").removesuffix("s")
    progress = Progress(order.start_page, noun, live=seen and not scrolls, remarks=seen and scrolls)
    with access(settings) as granted:
        part = None if order.target is None else _open_part(order, order.target, granted, progress)
        try:
            with granted.portal(settings.timeout, progress.wait) as portal:
                start = part.position if part is not None and part.position else order.start_page
                found = _listing(portal.client, order, start, progress)
                if part is None:
                    _print(found, order, progress)
                else:
                    _write(found, order, progress, part)
        except (Exception, KeyboardInterrupt) as error:
            begun = part.count if part is not None else progress.items and getattr(error, "page", None)
            if not (begun or isinstance(error, KeyboardInterrupt)):
                raise
            status, message = explain(error)
            separator = "\n" if isinstance(error, Exception) else " "
            hint = _hint(order, progress, part, settings.arguments)
            raise Failure(status, f"{message}{separator}{hint}") from error
        finally:
            if part is not None:
                part.close()
        source = "invented by the sandbox" if granted.sandbox else f"from {granted.address}"
        table = order.kind == "table" and order.target is None
        if not settings.quiet and (table or sys.stderr.isatty()):
            click.echo(f"{progress.summary()} - {source}", err=not table)
    if found.shifted and not order.certain and not settings.quiet:
        click.echo("Items were added or removed meanwhile; if none may be missing, use --certain.", err=True)


def command_line(arguments: Sequence[str], options: Mapping[str, str | None]) -> str:
    """The command line with these options in the place of earlier ones; `None` leaves one out."""
    import os
    import shlex
    import subprocess

    words = ["mijnklantportaal"]
    rest = iter(arguments)
    for argument in rest:
        if argument in options:
            next(rest, None)
        elif argument.partition("=")[0] not in options:
            words.append(argument)
    for name, value in options.items():
        words += [] if value is None else [name, value]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _open_part(order: Order, target: Path, granted: Access, progress: Progress) -> Part:
    granted.key()  # an error if there is none, before a file is created
    check_target(target, force=order.force)
    portal = "the sandbox" if granted.sandbox else granted.address
    contents = f"{order.operation} {' '.join(order.ids)} of {portal}, {order.wanted}"
    part = open_part(target, contents, order.start_page, resume=order.resume, force=order.force)
    progress.kept = part.count
    return part


def _listing(client: PortalClient, order: Order, start: int | str, progress: Progress) -> Listing[Page]:
    from mijnklantportaal import paginate

    path = order.operation.path
    for parameter, value in zip(order.operation.path_parameters, order.ids, strict=True):
        path = path.replace(f"{{{parameter.name}}}", quote(value, safe=""))
    # Where a filter or an earlier run counts, `_items` applies the limit.
    most = order.limit if order.wanted.keeps_all() and not progress.kept else None
    listing = paginate(_fetch, client=client, path=path)
    return listing.with_options(start_page=start, max_items=most, certain=order.certain)


def _fetch(*, client: PortalClient, path: str, page: int = 1) -> Page:
    body = client.get_httpx_client().get(path, params={"page": page}).json()
    return Page([Item(**item) for item in body["data"]], body["next_page_url"], body["current_page"])


def _print(found: Listing[Page], order: Order, progress: Progress) -> None:
    with closing(progress.shown(_items(found, order, progress))) as items, standard_output() as stream:
        WRITERS[order.kind](items if order.runs else list(items), stream, order.layout)


def _write(found: Listing[Page], order: Order, progress: Progress, part: Part) -> None:
    if part.position is not None:
        with closing(progress.shown(_items(found, order, progress, part))) as items:
            for item in items:
                part.add(item)
        part.complete(None)
    with written_whole(part.target, force=order.force) as stream:
        WRITERS[order.kind](part.items(), stream, order.layout)
    part.remove()


def _items(
    found: Listing[Page], order: Order, progress: Progress, part: Part | None = None
) -> Generator[Item]:
    def settle() -> None:
        if progress.settle(found.anchor) and part is not None:
            part.complete(progress.anchor)

    def reached() -> bool:
        return order.limit is not None and progress.kept + progress.matching >= order.limit

    try:
        for item in () if reached() else found:
            settle()
            wanted = order.wanted.keeps(item) and not (part is not None and part.has(item))
            progress.count(found.page or 1, matching=wanted)
            if wanted:
                yield item
                if reached():
                    return
    finally:
        settle()


def _hint(order: Order, progress: Progress, part: Part | None, arguments: Sequence[str]) -> str:
    """How to continue: the part of a file is kept, and standard output has what was written."""
    if part is not None and part.count:
        resume = command_line([each for each in arguments if each != "--resume"] + ["--resume"], {})
        return f"{progress.many(part.count)} kept in {part.path}. To continue: {resume}"
    if not order.runs or not progress.items:
        return f"Nothing was written. To start again: {command_line(arguments, {})}"
    again = progress.matching - progress.before
    remark = f", with the last {progress.many(again)} again" if again else ""
    left = None if order.limit is None else str(order.limit - progress.before)
    options = {"--start-page": str(progress.anchor), "--limit": left}
    return f"To resume{remark}: {command_line(arguments, options)}"
