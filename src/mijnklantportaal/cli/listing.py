"""Fetches a list as ordered, raw as the API sends it, so that nothing is lost or changed on the way."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from .files import standard_output, written_whole
from .formats import AT_ONCE, WRITERS

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from mijnklantportaal import Listing, MijnKlantportaal
    from mijnklantportaal.document import Operation
    from mijnklantportaal.portal import PortalClient

    from .columns import Layout
    from .filters import Filter
    from .part import Part
    from .progress import Progress, Tally


class Order(NamedTuple):
    """What is to be listed, and where and how it is to be written."""

    operation: Operation
    ids: tuple[str, ...]
    start_page: int | str
    limit: int | None
    wanted: Filter
    kind: str
    layout: Layout
    target: Path | None
    force: bool
    resume: bool
    certain: bool


class Item(dict[str, Any]):
    """An item, by the API's names; a listing knows it by its id."""

    @property
    def id(self) -> object:
        """The item's id, if it has one."""
        return self.get("id")


class Page(NamedTuple):
    """The part of an envelope that a listing reads."""

    data: list[Item]
    next_page_url: str | None
    current_page: int


def fulfil(
    order: Order, portal: MijnKlantportaal, tally: Tally, progress: Progress, part: Part | None
) -> bool:
    """Write the items, and tell whether items came or went meanwhile, so that one may be missing."""
    found = _listing(order, portal).with_options(certain=order.certain)
    if part is None:
        found = found.with_options(start_page=order.start_page, max_items=_most(order, 0))
        with closing(progress.shown(_items(found, order, tally))) as items, standard_output() as stream:
            WRITERS[order.kind](list(items) if order.kind in AT_ONCE else items, stream, order.layout)
        return found.shifted
    if (position := part.position) is not None:
        found = found.with_options(start_page=position, max_items=_most(order, part.count))
        with closing(progress.shown(_items(found, order, tally, part))) as items:
            for item in items:
                part.add(item)
        part.complete(None)
    with written_whole(part.target, force=order.force) as stream:
        WRITERS[order.kind](part.items(), stream, order.layout)
    part.remove()
    return found.shifted


def _listing(order: Order, portal: MijnKlantportaal) -> Listing[Page]:
    from mijnklantportaal import paginate

    path = order.operation.path
    for parameter, value in zip(order.operation.path_parameters, order.ids, strict=True):
        path = path.replace(f"{{{parameter.name}}}", quote(value, safe=""))
    return paginate(_fetch, client=portal.client, path=path)


def _fetch(*, client: PortalClient, path: str, page: int = 1) -> Page:
    body = client.get_httpx_client().get(path, params={"page": page}).json()
    return Page([Item(**item) for item in body["data"]], body["next_page_url"], body["current_page"])


def _most(order: Order, kept: int) -> int | None:
    """How many items to ask for at most: the listing can count them unless some are left out here."""
    if order.limit is None or (kept < order.limit and (kept or not order.wanted.keeps_all())):
        return None
    return max(0, order.limit - kept)


def _items(found: Listing[Page], order: Order, tally: Tally, part: Part | None = None) -> Generator[Item]:
    def settle() -> None:
        if tally.settle(found.anchor) and part is not None:
            part.complete(tally.anchor)

    try:
        for item in found:
            settle()
            wanted = order.wanted.keeps(item) and not (part is not None and part.has(item))
            tally.count(found.page or 1, wanted=wanted)
            if wanted:
                yield item
                if tally.total == order.limit:
                    return
    finally:
        settle()
