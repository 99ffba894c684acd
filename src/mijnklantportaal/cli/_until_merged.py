"""Stands in for what the client is about to have: `on_wait` and `listing.page`. To be deleted then."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

from mijnklantportaal import MijnKlantportaal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mijnklantportaal import Customer


def open_portal(*, on_wait: Callable[[Any], None], **options: Any) -> MijnKlantportaal:
    """To become `MijnKlantportaal(…, on_wait=on_wait)`."""
    if "on_wait" in inspect.signature(MijnKlantportaal).parameters:
        options["on_wait"] = on_wait
    return MijnKlantportaal(**options)


def with_pages(listing: Any) -> Iterator[tuple[int, Customer]]:
    """To become `for customer in listing: yield listing.page, customer`."""
    if hasattr(listing, "page"):
        for customer in listing:
            yield listing.page, customer
        return
    seen: set[str] = set()
    left = cast("int | None", listing._options.max_items)
    for envelope in listing.pages():
        for customer in envelope.data:
            if customer.id not in seen and (left is None or len(seen) < left):
                seen.add(customer.id)
                yield envelope.current_page, customer
