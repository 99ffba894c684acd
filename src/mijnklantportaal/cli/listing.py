"""Lists a portal's customers as ordered: fetch, filter, count, write."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from .files import standard_output, written_whole
from .formats import WRITERS, Layout, Row

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from mijnklantportaal_api.models import CustomerPage

    from mijnklantportaal import Listing, MijnKlantportaal

    from .filters import Filter
    from .progress import Progress, Tally


class Order(NamedTuple):
    """Which customers are wanted, and where and how they are to be written."""

    start_page: int
    limit: int | None
    wanted: Filter
    kind: str
    layout: Layout
    target: Path | None
    force: bool


def fulfil(order: Order, portal: MijnKlantportaal, tally: Tally, progress: Progress) -> bool:
    """Write the customers, and tell whether rows came or went meanwhile, so that one may be missing."""
    # The portal can count for itself, and so not fetch too much, unless customers are filtered here.
    max_items = order.limit if order.wanted.keeps_all() or order.limit == 0 else None
    listing = portal.list_customers(start_page=order.start_page, max_items=max_items)
    target = written_whole(order.target, force=order.force) if order.target is not None else standard_output()
    with closing(progress.shown(_rows(listing, order, tally))) as rows, target as stream:
        WRITERS[order.kind](rows, stream, order.layout)
    return listing.shifted


def _rows(listing: Listing[CustomerPage], order: Order, tally: Tally) -> Generator[Row]:
    for customer in listing:
        wanted = order.wanted.keeps(customer)
        tally.count(listing.page or order.start_page, wanted=wanted)
        if wanted:
            yield customer.to_dict()
            if tally.matching == order.limit:
                return
