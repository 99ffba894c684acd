"""Checks a portal: asks for all that can be read, and compares each raw response with the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from mijnklantportaal.document import Json, Operation, is_object
from mijnklantportaal.errors import (
    AuthenticationError,
    ContractError,
    MijnKlantportaalError,
    RateLimitError,
    StatusError,
)

from .accepted import Accepted, accept
from .check import Check
from .plan import Ids, Plan, planned
from .replay import failure
from .report import Report, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mijnklantportaal.portal import MijnKlantportaal

    from .shape import Baseline


def check_portal(
    portal: MijnKlantportaal,
    plan: Plan | None = None,
    *,
    baseline: Baseline | None = None,
    accepted: Sequence[Accepted] = (),
) -> Report:
    """Ask a portal for what can be read, and compare each response with the document.

    Where a path takes an id, one that an earlier response has shown is used.

    Args:
        portal: The portal; it keeps to the rate limit.
        plan: What to ask for; by default everything, and two pages of each list.
        baseline: What responses looked like before.
        accepted: Findings that are known.
    """
    plan = plan or planned()
    rows: list[Row] = []
    shapes: Baseline = {}
    ids = Ids()
    stopped = False
    for operation in plan.operations:
        filled = ids.fill(operation)
        if stopped or filled is None:
            rows.append(Row(str(operation), why_not="the check ended early" if stopped else "no id known"))
            continue
        check = Check(str(operation), document=plan.document)
        responses, readable = 0, True
        error: MijnKlantportaalError | None = None
        try:
            for page, response in _responses(portal, operation, filled[0], plan.pages):
                responses += 1
                readable = _compare(check, operation, filled[1], response, page) and readable
                ids.add(filled[0], _body(response))
        except MijnKlantportaalError as caught:
            error = caught
            stopped = not isinstance(error, StatusError) or isinstance(error, _FOR_ALL)
        shapes[str(operation)] = check.shape()
        known = None if baseline is None else baseline.get(str(operation))
        if baseline is not None and known is None and responses:
            check.add("drift", "$", "not in baseline", "a shape", "none: record the baseline anew")
        rows.append(Row(str(operation), responses, accept(check.findings(known), accepted), readable, error))
    return Report(tuple(rows), shapes, _unused(accepted, rows))


_FOR_ALL = (AuthenticationError, RateLimitError)  # other operations would fail in the same way


def _responses(
    portal: MijnKlantportaal, operation: Operation, path: str, limit: int | None
) -> Iterator[tuple[int | None, httpx.Response]]:
    """Asks for one operation: the pages of a list with their numbers, or the one response."""
    client = portal.client.get_httpx_client()
    page = 1 if operation.paginated else None
    while True:
        try:
            response = client.get(path, params=None if page is None else {"page": page})
        except ContractError as error:  # its encoding is broken, or it is HTML
            response = error.response or httpx.Response(200, headers={"Content-Type": "application/json"})
        yield page, response
        body = _body(response)
        if page is None or page == limit or not is_object(body) or body.get("current_page") != page:
            return
        if not isinstance(body.get("next_page_url"), str) or not body["next_page_url"]:
            return
        page += 1


def _compare(
    check: Check, operation: Operation, ids: Sequence[str], response: httpx.Response, page: int | None
) -> bool:
    """Compares one response; whether the client reads it."""
    before = check.breaches
    check.add_response(response, page=page)
    body = _body(response)
    if page is not None and is_object(body) and body.get("current_page", page) != page:
        check.add("breach", "$.current_page", "wrong page", "the page asked for", "another", page=page)
    cause = failure(operation, ids, response, page)
    if cause is not None and check.breaches == before:  # otherwise that says more
        check.add("breach", "$", "unreadable", "what the client reads", cause, page=page)
    return cause is None


def _body(response: httpx.Response) -> Json:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _unused(accepted: Sequence[Accepted], rows: Sequence[Row]) -> tuple[Accepted, ...]:
    """The accepted findings that no longer occur, as far as their operations were checked."""
    checked = {row.operation for row in rows if row.responses} | {""}
    findings = [finding for row in rows for finding in row.findings]
    return tuple(
        entry
        for entry in accepted
        if entry.operation in checked and not any(entry.fits(finding) for finding in findings)
    )
