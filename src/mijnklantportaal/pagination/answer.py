"""From the answer of a generated call to a page, or to an error that says which page and what was wrong."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import ContractError, PaginationError, RequestError
from ..exchange import Exchange, Wanted, opened_exchange

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def asking_for(page: int, wanted: Wanted | None) -> Generator[Exchange]:
    """Every failure within it becomes an error that knows the page; never with a value of the answer."""
    with opened_exchange(wanted) as exchange:
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
            raise ContractError(
                _unreadable(error), request=exchange.request, response=exchange.response, page=page
            ) from None


def check_page(page: int, answer: Any, exchange: Exchange) -> None:
    """Checks that a generated call answered the page that was asked for, as far as a listing reads it.

    The generated parser checks little: it takes an empty object or string for an empty array, for example.

    Raises:
        ContractError: It is not a page.
        PaginationError: It is another page.
    """
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
        raise ContractError("`data` is not an array")
    if not isinstance(answer.next_page_url, str | None):
        raise ContractError("`next_page_url` is neither a string nor null")


def _unreadable(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the answer lacks {error.args[0]!r}"
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "the answer is not JSON: cut short, or broken"
    return f"the answer is not of the form that the document describes ({type(error).__name__})"
