"""From the answer of a generated call to a page, or to an error that says which page and what was wrong."""

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
def asking_for(page: int, cancellation: Cancellation | None) -> Generator[Exchange]:
    """Every failure within it becomes an error that knows the page; never with a value of the answer."""
    with opened_exchange(cancellation) as exchange:
        try:
            yield exchange
        except RequestError as error:
            error.page = page
            error.request = error.request or exchange.request
            error.response = error.response if error.response is not None else exchange.response
            raise
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            if exchange.response is None:  # not the answer's fault: it never came, or not through a portal
                raise
            # From None, because the text of the cause can quote the answer.
            raise _unreadable(error, page, exchange.request, exchange.response) from None


def read(page: int, envelope: E, exchange: Exchange, *, begun: float, ended: float) -> Reading[E]:
    """Makes a reading of what a generated call gave, once it has checked what a listing reads of it.

    The generated parser checks little: it takes an empty object or string for an empty array, for example.

    Args:
        page: The page that was asked for.
        envelope: What the call gave.
        exchange: The exchange that was open meanwhile.
        begun: When the call began; for a client that does not tell when it sent the request.
        ended: When it ended; likewise.

    Raises:
        ContractError: It is not a page.
        PaginationError: It is another page.
    """
    answer = cast("Any", envelope)
    if answer is None:
        raise ContractError("the answer has a status or form that the document does not describe")
    if not hasattr(answer, "next_page_url"):
        raise ContractError("the answer is not a page; was a list operation's `sync` or `asyncio` given?")
    if answer.current_page != page:
        raise PaginationError(f"the API answered page {answer.current_page!r}")
    data = answer.data
    if not data and exchange.response is not None:
        data = exchange.response.json()["data"]
    if not isinstance(data, list):
        raise _departure("$.data", "an array", data)
    if not isinstance(answer.next_page_url, str | None):
        raise _departure("$.next_page_url", "a string or null", answer.next_page_url)
    sent = begun if exchange.sent is None else exchange.sent
    return Reading(page, envelope, sent, ended if exchange.arrived is None else exchange.arrived)


def _departure(place: str, expected: str, value: object) -> ContractError:
    from ..document.mismatch import type_name, with_article  # noqa: PLC0415 - only where it is needed

    error = ContractError(f"expected {expected}, got {with_article(type_name(value))}")
    error.place = place
    return error


def _unreadable(
    error: Exception, page: int, request: httpx.Request | None, response: httpx.Response
) -> ContractError:
    """Says where the answer departs from the document, which the generated parser does not know."""
    from ..document import shipped  # noqa: PLC0415 - only where it is needed
    from ..document.mismatch import first_mismatch  # noqa: PLC0415

    mismatch = request and first_mismatch(shipped(), request.method, request.url.path, response.content)
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        what = "the answer is not JSON: cut short, or broken"
    elif mismatch:
        what = f"expected {mismatch.expected}, got {mismatch.got}"
    else:
        what = f"the answer is not of the form that the document describes ({type(error).__name__})"
    failure = ContractError(what, request=request, response=response, page=page)
    failure.place = mismatch.place if mismatch else None
    return failure
