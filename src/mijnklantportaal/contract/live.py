"""Checks a portal: requests everything that can be read, and compares the raw responses with the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from mijnklantportaal import errors
from mijnklantportaal.document import Object, Operation, is_object
from mijnklantportaal.pagination import paginate
from mijnklantportaal.portal import MijnKlantportaal

from .check import Check
from .findings import Accepted, accept
from .plan import Ids, Plan, planned
from .report import Report, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .shape import Baseline


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
        path, used = ids.fill(operation)
        if stopped or not path:
            rows.append(Row(name, why_not="the check stopped early" if stopped else "no id known"))
            continue
        check = Check(name, document=plan.document)
        responses, readable = 0, True
        error: errors.MijnKlantportaalError | None = None
        try:
            for page, response in _responses(portal, operation, path, plan.pages):
                responses += 1
                readable = _compare(check, operation, used, response, page) and readable
                ids.add(path, _body(response))
        except errors.MijnKlantportaalError as caught:
            error = caught
            # Other operations would fail in the same way.
            stopped = not isinstance(error, errors.StatusError) or error.status_code in {401, 429}
        shapes[name] = check.shape()
        if baseline is not None and name not in baseline and responses:
            check.add("drift", "$", "not in baseline", "a recorded shape", "none; record a new baseline")
        findings = check.findings((baseline or {}).get(name))
        rows.append(Row(name, responses, accept(findings, accepted), readable, error))
    rows += [Row(name, why_not=f"left out of the client: {reason}") for name, reason in plan.left_out]
    return Report(tuple(rows), shapes, _unused(accepted, rows))


def failure(
    operation: Operation, ids: Sequence[str], response: httpx.Response, page: int | None
) -> str | None:
    """The exception with which the generated client fails on a response, or `no result`.

    `None` if it can read the response, or does not have the operation. `page` is that of a list.
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
            if page is None:
                return None if call(*ids, client=portal.client) is not None else "no result"
            listing = paginate(call, *ids, client=portal.client).with_options(start_page=page)
            next(iter(listing.pages()))
        except Exception as error:
            return type(error).__name__
    return None


def _responses(
    portal: MijnKlantportaal, operation: Operation, path: str, limit: int | None
) -> Iterator[tuple[int | None, httpx.Response]]:
    """Yields the pages of a list with their numbers, or the one response of another operation."""
    client = portal.client.get_httpx_client()
    page = 1 if operation.paginated else None
    while True:
        try:
            response = client.get(path, params=None if page is None else {"page": page})
        except errors.ContractError as error:  # invalid content encoding, or HTML
            response = error.response or httpx.Response(200, headers={"Content-Type": "application/json"})
        yield page, response
        body = _body(response)
        if page is None or page == limit or body.get("current_page") != page or not body.get("next_page_url"):
            return
        page += 1


def _compare(
    check: Check, operation: Operation, ids: Sequence[str], response: httpx.Response, page: int | None
) -> bool:
    """Compares one response; returns whether the client can read it."""
    before = check.breaches
    check.add_response(response, page=page)
    if page is not None and _body(response).get("current_page", page) != page:
        check.add("breach", "$.current_page", "wrong page", "the requested page", "another page", page=page)
    cause = failure(operation, ids, response, page)
    if cause is not None and check.breaches == before:  # a breach explains it better
        check.add("breach", "$", "unreadable", "readable by the client", cause, page=page)
    return cause is None


def _body(response: httpx.Response) -> Object:
    """The body if it is a JSON object; otherwise an empty one."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if is_object(body) else {}


def _unused(accepted: Sequence[Accepted], rows: Sequence[Row]) -> tuple[Accepted, ...]:
    """The accepted findings that no longer occur in the operations that were checked."""
    checked = {row.operation for row in rows if row.responses} | {""}
    findings = [finding for row in rows for finding in row.findings]
    return tuple(
        entry
        for entry in accepted
        if entry.operation in checked and not any(entry.matches(finding) for finding in findings)
    )
