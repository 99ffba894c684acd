"""Checks what a generated call returned for a page; errors say which page, and where in the response."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ..errors import ContractError, PaginationError, RequestError
from ..exchange import Exchange
from .reading import E, Reading

if TYPE_CHECKING:
    import httpx

_PARSING_ERRORS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


@dataclass(kw_only=True)
class Fetch(Exchange):
    """The exchange of a page: an error within its `with` block says which page, and where in the response.

    Attributes:
        page: The page that is requested.
    """

    page: int

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        super().__exit__(kind, error, traceback)
        if isinstance(error, RequestError):
            error.page = self.page
            error.request = error.request or self.request
            error.response = error.response if error.response is not None else self.response
        elif isinstance(error, _PARSING_ERRORS) and self.response is not None:
            # From None, because the text of the cause can contain values of the response.
            raise _unreadable(error, self.page, self.request, self.response) from None


def read(fetch: Fetch, envelope: E, now: float) -> Reading[E]:
    """Checks what the call returned, and returns it as a reading.

    The generated parser checks little: for example, it accepts an empty object or string as an empty array.

    Args:
        fetch: The exchange of the call.
        envelope: What the call returned.
        now: Monotonic seconds.

    Raises:
        ContractError: It is not a page, or a part of it has the wrong type.
        PaginationError: It is a different page.
    """
    untyped = cast("Any", envelope)
    if untyped is None:
        raise ContractError("the response has a status or content type that the document does not describe")
    if not hasattr(untyped, "next_page_url"):
        raise ContractError(
            f"the call returned a {type(untyped).__name__}, which is not a page",
            next_step="Pass the `sync` or `asyncio` function of a list operation",
        )
    if not isinstance(untyped.current_page, int):
        raise _mismatch("$.current_page", "an integer", untyped.current_page)
    if untyped.current_page != fetch.page:
        raise PaginationError(f"the API returned page {untyped.current_page!r}")
    data = untyped.data
    if not data and fetch.response is not None:
        data = fetch.response.json()["data"]
    if not isinstance(data, list):
        raise _mismatch("$.data", "an array", data)
    if not isinstance(untyped.next_page_url, str | None):
        raise _mismatch("$.next_page_url", "a string or null", untyped.next_page_url)
    arrived = now if fetch.arrived is None else fetch.arrived
    return Reading(fetch.page, envelope, fetch.sent, arrived, fetch.request)


def _mismatch(place: str, expected: str, value: object) -> ContractError:
    from ..document.mismatch import type_name, with_article  # noqa: PLC0415 - rarely needed

    error = ContractError(f"expected {expected}, got {with_article(type_name(value))}")
    error.place = place
    return error


def _unreadable(
    error: Exception, page: int, request: httpx.Request | None, response: httpx.Response
) -> ContractError:
    """Returns an error that says where the response does not conform; the generated parser cannot."""
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
