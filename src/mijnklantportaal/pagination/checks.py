"""Checks what a generated call returned for a page; errors say which page, and where in the response."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from ..errors import ContractError, PaginationError, RequestError
from ..exchange import Cancellation, Exchange, opened_exchange
from .reading import E, Reading

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx


@contextmanager
def fetching(page: int, cancellation: Cancellation | None) -> Generator[Exchange]:
    """Turns a failure of the call within it into an error with the page, without values of the response."""
    with opened_exchange(cancellation) as exchange:
        try:
            yield exchange
        except RequestError as error:
            error.page = page
            error.request = error.request or exchange.request
            error.response = error.response if error.response is not None else exchange.response
            raise
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            if exchange.response is None:  # not caused by a response of a portal
                raise
            # From None, because the text of the cause can contain values of the response.
            raise _unreadable(error, page, exchange.request, exchange.response) from None


def read(page: int, envelope: E, exchange: Exchange, *, begun: float, ended: float) -> Reading[E]:
    """Checks an envelope, and returns it as a reading.

    The generated parser checks little: it takes an empty object or string for an empty array, for example.

    Args:
        page: The page that was requested.
        envelope: What the call returned.
        exchange: The exchange of the call.
        begun: When the call began, if the exchange does not know when the request was sent.
        ended: When the call returned, likewise.

    Raises:
        ContractError: It is not a page.
        PaginationError: It is a different page.
    """
    untyped = cast("Any", envelope)
    if untyped is None:
        raise ContractError("the response has a status or content type that the document does not describe")
    if not hasattr(untyped, "next_page_url"):
        raise ContractError("the response is not a page: pass `sync` or `asyncio` of a list operation")
    if untyped.current_page != page:
        raise PaginationError(f"the API returned page {untyped.current_page!r}")
    data = untyped.data
    if not data and exchange.response is not None:
        data = exchange.response.json()["data"]
    if not isinstance(data, list):
        raise _mismatch("$.data", "an array", data)
    if not isinstance(untyped.next_page_url, str | None):
        raise _mismatch("$.next_page_url", "a string or null", untyped.next_page_url)
    sent = begun if exchange.sent is None else exchange.sent
    return Reading(page, envelope, sent, ended if exchange.arrived is None else exchange.arrived)


def _mismatch(place: str, expected: str, value: object) -> ContractError:
    from ..document.mismatch import type_name, with_article  # noqa: PLC0415 - rarely needed

    error = ContractError(f"expected {expected}, got {with_article(type_name(value))}")
    error.place = place
    return error


def _unreadable(
    error: Exception, page: int, request: httpx.Request | None, response: httpx.Response
) -> ContractError:
    """Says where the response does not conform to the document, which the generated parser cannot tell."""
    from ..document import shipped  # noqa: PLC0415 - rarely needed
    from ..document.mismatch import first_mismatch  # noqa: PLC0415

    mismatch = request and first_mismatch(shipped(), request.method, request.url.path, response.content)
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        what = "the response is not JSON, or is truncated"
    elif mismatch:
        what = f"expected {mismatch.expected}, got {mismatch.got}"
    else:
        what = f"the response does not conform to the document ({type(error).__name__})"
    failure = ContractError(what, request=request, response=response, page=page)
    failure.place = mismatch.place if mismatch else None
    return failure
