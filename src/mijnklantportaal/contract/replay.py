"""Replays a response through the generated client, to see whether the client can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from mijnklantportaal.pagination import paginate
from mijnklantportaal.portal import MijnKlantportaal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mijnklantportaal.document import Operation


def failure(
    operation: Operation, ids: Sequence[str], response: httpx.Response, page: int | None
) -> str | None:
    """The exception with which the client fails on a response, or `no result`.

    `None` if the client reads the response, or does not have the operation. `page` is that of a list.
    """
    try:
        call = operation.module().sync
    except LookupError:
        return None
    replayed = httpx.Response(response.status_code, content=response.content)
    transport = httpx.MockTransport(lambda _: replayed)
    url = "https://replay.invalid"
    with MijnKlantportaal(api_key="replayed", base_url=url, transport=transport, concurrency=1) as portal:
        try:
            if page is not None:
                listing = paginate(call, *ids, client=portal.client)
                next(iter(listing.with_options(start_page=page).pages()))
                return None
            return None if call(*ids, client=portal.client) is not None else "no result"
        except Exception as error:
            return type(error).__name__
