"""Checks a portal: lists some pages through the wrapper's transport, and compares each raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mijnklantportaal.document import Json, is_object
from mijnklantportaal.errors import ContractError, MijnKlantportaalError

from .check import LIST_CUSTOMERS, Check
from .report import Report

if TYPE_CHECKING:
    import httpx

    from mijnklantportaal.portal import MijnKlantportaal

DEFAULT_PAGES = 3


def check_portal(
    portal: MijnKlantportaal, *, pages: int | None = DEFAULT_PAGES, operation: str = LIST_CUSTOMERS
) -> Report:
    """List pages of a portal and compare each with the document.

    Args:
        portal: The portal.
        pages: How many pages at most; `None` for all of them.
        operation: The list operation, one without parameters in its path.

    Raises:
        LookupError: The document has no such operation.
    """
    check = Check(operation)
    path = check.operation.partition(" ")[2]
    page = 1
    stopped: MijnKlantportaalError | None = None
    while True:
        try:
            response = _get(portal, path, page, check)
        except MijnKlantportaalError as error:
            stopped = error
            page -= 1
            break
        if response is None or page == pages or not _goes_on(response, page, check):
            break
        page += 1
    return Report(check.operation, tuple(check.findings()), page, stopped)


def _get(portal: MijnKlantportaal, path: str, page: int, check: Check) -> httpx.Response | None:
    """One page, compared; `None` where the transport itself found that it is no answer of the document's."""
    try:
        response = portal.client.get_httpx_client().get(path, params={"page": page})
    except ContractError as error:
        if error.response is None:
            check.add_breach("$", "JSON", "an encoding that cannot be read", page=page)
        else:
            check.add_response(error.response, page=page)
        return None
    check.add_response(response, page=page)
    return response


def _goes_on(response: httpx.Response, page: int, check: Check) -> bool:
    try:
        body: Json = response.json()
    except (ValueError, RecursionError):
        return False
    if not is_object(body) or not isinstance(body.get("next_page_url"), str):
        return False
    if body.get("current_page") != page:
        check.add_breach("$.current_page", "the page that was asked for", "another one", page=page)
        return False
    return bool(body["next_page_url"])
