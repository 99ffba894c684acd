"""Checks a portal: requests everything that can be read, and compares the raw responses with the document."""

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

from .check import Check
from .findings import Accepted, accept
from .plan import Ids, Plan, planned
from .replay import failure
from .report import Report, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mijnklantportaal.portal import MijnKlantportaal

    from .shape import Baseline

_FATAL = (AuthenticationError, RateLimitError)  # other operations would fail in the same way


def check_portal(
    portal: MijnKlantportaal,
    plan: Plan | None = None,
    *,
    baseline: Baseline | None = None,
    accepted: Sequence[Accepted] = (),
) -> Report:
    """Request what can be read from a portal, and compare each response with the document.

    Ids in a path are taken from earlier responses.

    Args:
        portal: The portal; it keeps to the rate limit.
        plan: What to request; by default everything, and two pages of each list.
        baseline: The shape of earlier responses.
        accepted: Findings that do not count.
    """
    plan = plan or planned()
    rows: list[Row] = []
    shapes: Baseline = {}
    ids = Ids()
    stopped = False
    for operation in plan.operations:
        name = str(operation)
        filled = ids.fill(operation)
        if stopped or filled is None:
            rows.append(Row(name, why_not="the check stopped early" if stopped else "no id known"))
            continue
        path, used = filled
        check = Check(name, document=plan.document)
        responses, readable = 0, True
        error: MijnKlantportaalError | None = None
        try:
            for page, response in _responses(portal, operation, path, plan.pages):
                responses += 1
                readable = _compare(check, operation, used, response, page) and readable
                ids.add(path, _body(response))
        except MijnKlantportaalError as caught:
            error = caught
            stopped = not isinstance(error, StatusError) or isinstance(error, _FATAL)
        shapes[name] = check.shape()
        if baseline is not None and name not in baseline and responses:
            check.add("drift", "$", "not in baseline", "a recorded shape", "none; record a new baseline")
        findings = check.findings((baseline or {}).get(name))
        rows.append(Row(name, responses, accept(findings, accepted), readable, error))
    rows += [Row(name, why_not=f"left out of the client: {reason}") for name, reason in plan.left_out]
    return Report(tuple(rows), shapes, _unused(accepted, rows))


def _responses(
    portal: MijnKlantportaal, operation: Operation, path: str, limit: int | None
) -> Iterator[tuple[int | None, httpx.Response]]:
    """Yields the pages of a list with their numbers, or the one response of another operation."""
    client = portal.client.get_httpx_client()
    page = 1 if operation.paginated else None
    while True:
        try:
            response = client.get(path, params=None if page is None else {"page": page})
        except ContractError as error:  # invalid content encoding, or HTML
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
    """Compares one response; returns whether the client can read it."""
    before = check.breaches
    check.add_response(response, page=page)
    body = _body(response)
    if page is not None and is_object(body) and body.get("current_page", page) != page:
        check.add("breach", "$.current_page", "wrong page", "the requested page", "another page", page=page)
    cause = failure(operation, ids, response, page)
    if cause is not None and check.breaches == before:  # a breach explains it better
        check.add("breach", "$", "unreadable", "readable by the client", cause, page=page)
    return cause is None


def _body(response: httpx.Response) -> Json:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _unused(accepted: Sequence[Accepted], rows: Sequence[Row]) -> tuple[Accepted, ...]:
    """The accepted findings that no longer occur in the operations that were checked."""
    checked = {row.operation for row in rows if row.responses} | {""}
    findings = [finding for row in rows for finding in row.findings]
    return tuple(
        entry
        for entry in accepted
        if entry.operation in checked and not any(entry.matches(finding) for finding in findings)
    )
