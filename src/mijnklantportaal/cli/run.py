"""Runs a listing: fetches the items, writes them, and says how to resume if it fails."""

import os
import shlex
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

import click

from mijnklantportaal import Listing, paginate
from mijnklantportaal.portal import PortalClient

from .access import Access, access
from .files import Part, open_part, standard_output, written_whole
from .filters import Filter
from .formats import WRITERS
from .order import Order
from .progress import Progress, many, print_wait


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


def run(order: Order) -> None:
    """Lists as ordered.

    An error after some items, or an interruption, gets a note that says how to resume.
    """
    seen = sys.stderr.isatty() and not order.quiet
    # Rows that scroll over the same terminal show the progress, and would be torn by another line.
    scrolls = order.runs and sys.stdout.isatty()
    progress = Progress(order.noun, live=seen and not scrolls)
    on_wait = print_wait if seen and scrolls else progress.wait
    used = access(sandbox=order.sandbox, api_key_file=order.api_key_file)
    with used as granted, closing(_part(order, granted)) as done:
        try:
            with granted.portal(order.timeout, on_wait) as portal:
                found = _listing(portal.client, order, done)
                with closing(progress.shown(_items(found, order, progress, done))) as items:
                    _write(items, order, done)
        except (Exception, KeyboardInterrupt) as error:
            begun = done.count if order.target else progress.items and getattr(error, "page", None)
            if begun or isinstance(error, KeyboardInterrupt):
                error.add_note(_hint(order, done))
            raise
    source = "invented by the sandbox" if order.sandbox else f"from {granted.base_url}"
    table = order.format == "table" and order.target is None
    if not order.quiet and (table or sys.stderr.isatty()):
        click.echo(f"{progress.summary(done.total)} - {source}", err=not table)
    if found.shifted and not order.certain and not order.quiet:
        click.echo(
            "Items were added or deleted during the listing. To find any that were missed, use --certain.",
            err=True,
        )


def command_line(arguments: Iterable[str], options: Mapping[str, str] = {}) -> str:
    """Returns the command line, with these options in the place of earlier ones."""
    words = ["mijnklantportaal"]
    rest = iter(arguments)
    for argument in rest:
        if argument in options:
            next(rest, None)
        elif argument.partition("=")[0] not in options:
            words.append(argument)
    for option in options.items():
        words += option
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _part(order: Order, granted: Access) -> Part:
    if order.target is None:
        return Part(order.start_page)
    portal = "the sandbox" if order.sandbox else granted.base_url
    contents = f"{order.operation} {' '.join(order.ids)} of {portal}, {order.wanted}"
    return open_part(order.target, contents, order.start_page, resume=order.resume, force=order.force)


def _listing(client: PortalClient, order: Order, done: Part) -> Listing[Page]:
    path = order.operation.path_with(order.ids)
    # Where a filter or an earlier run counts, `_items` applies the limit.
    most = order.limit if order.wanted == Filter() and not done.count else None
    listing = paginate(_fetch, client=client, path=path)
    # The earlier run may have missed customers on the pages that it read.
    start = order.start_page if order.certain and done.position is not None else done.position
    return listing.with_options(start_page=start, max_items=most, certain=order.certain)


def _fetch(*, client: PortalClient, path: str, page: int = 1) -> Page:
    body = client.get_httpx_client().get(path, params={"page": page}).json()
    return Page([Item(**item) for item in body["data"]], body["next_page_url"], body["current_page"])


def _items(found: Listing[Page], order: Order, progress: Progress, done: Part) -> Generator[Item]:
    def settle() -> None:
        if found.anchor not in {None, done.position}:
            done.complete(found.anchor)

    def ended() -> bool:
        return done.position is None or (order.limit is not None and done.total >= order.limit)

    try:
        for item in () if ended() else found:
            settle()
            wanted = order.wanted.keeps(item) and item.id not in done.known
            progress.count(found.page or 1, matching=wanted)
            if wanted:
                done.latest.append(item)
                yield item
                if ended():
                    return
    finally:
        settle()


def _write(items: Generator[Item], order: Order, done: Part) -> None:
    write = WRITERS[order.format]
    if order.target is None:
        with standard_output() as stream:
            write(items if order.runs else list(items), stream, order.layout)
        return
    for _ in items:
        pass  # `done` keeps them
    done.complete(None)
    with written_whole(order.target, force=order.force) as stream:
        write(done.items(), stream, order.layout)
    done.close(keep=False)


def _hint(order: Order, done: Part) -> str:
    """Returns how to resume: what was written to a file is kept, and so is standard output."""
    if done.file and done.count:
        resume = command_line(order.arguments if order.resume else (*order.arguments, "--resume"))
        return f"{many(done.count, order.noun)} kept in {done.file.name}. To continue: {resume}"
    if not order.runs or not (done.total or done.position != order.start_page):
        return f"No {order.noun}s were written. To start again: {command_line(order.arguments)}"
    again = f" (repeats the last {many(len(done.latest), order.noun)})" if done.latest else ""
    options = {"--start-page": str(done.position)}
    if order.limit is not None:
        options["--limit"] = str(order.limit - done.count)
    return f"To resume{again}: {command_line(order.arguments, options)}"
