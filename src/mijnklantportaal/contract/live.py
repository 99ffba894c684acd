"""Checks a portal: requests everything that can be read, and compares the raw responses with the document."""

from collections.abc import Iterator, Sequence
from http.client import responses as reasons

import httpx

from mijnklantportaal.document import Object, Operation, is_object
from mijnklantportaal.errors import ContractError, PermissionDeniedError, RequestError, StatusError
from mijnklantportaal.pagination import paginate
from mijnklantportaal.portal import MijnKlantportaal

from .check import Check
from .findings import Accepted, Finding
from .plan import Ids, Plan
from .report import Report, Row, worst
from .shape import Baseline


def check_portal(
    portal: MijnKlantportaal,
    plan: Plan | None = None,
    *,
    baseline: Baseline | None = None,
    accepted: Sequence[Accepted] = (),
) -> Report:
    """Requests what can be read from a portal, and compares each response with the document.

    Ids in a path are taken from earlier responses.

    Args:
        portal: The portal; it keeps to the rate limit.
        plan: What to request; by default everything, and two pages of each list.
        baseline: The shape of earlier responses.
        accepted: Findings that do not count.
    """
    plan = plan or Plan()
    rows: list[Row] = []
    found: list[Finding] = []
    shapes: Baseline = {}
    errors: list[RequestError] = []
    ids = Ids()
    for operation in plan.operations:
        check, used, remark = Check(str(operation), document=plan.document), ids.known(operation), ""
        if any(map(_stops, errors)):
            remark = "the check stopped early"
        elif used is None:
            remark = "no id known"
        else:
            try:
                for body in _bodies(portal, check, operation, used, plan.pages):
                    ids.add(operation.path, body)
            except RequestError as error:
                errors.append(error)
                remark = _remark(error)
        if check.responses:
            shapes[str(operation)] = check.shape.seen()
        findings = check.findings(baseline, accepted)
        found += findings
        outcome = worst({"not checked" if remark else "ok", *(each.severity for each in findings)})
        rows.append(Row(str(operation), outcome, check.responses, remark))
    for name, reason in plan.left_out:
        rows.append(Row(name, "not checked", remark=f"left out of the client: {reason}"))
    checked = {row.operation for row in rows if row.responses}
    others = set(map(str, plan.document.operations)) - checked
    unused = [each for each in accepted if each.operation not in others and not any(map(each.matches, found))]
    # A missing scope counts only if nothing could be checked.
    counting = [each for each in errors if not checked or not isinstance(each, PermissionDeniedError)]
    return Report(tuple(rows), tuple(found), shapes, tuple(unused), error=next(iter(counting), None))


def failure(
    operation: Operation, ids: Sequence[str], response: httpx.Response, page: int | None
) -> str | None:
    """Returns the exception with which the generated client fails on a response, or `no result`.

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


def _bodies(
    portal: MijnKlantportaal, check: Check, operation: Operation, ids: Sequence[str], limit: int | None
) -> Iterator[Object]:
    """Requests the pages of a list, or the one response of another operation, checks each, and yields it."""
    client, path = portal.client.get_httpx_client(), operation.path_with(ids)
    page = 1 if operation.paginated else None
    while True:
        try:
            response = client.get(path, params=None if page is None else {"page": page})
        except ContractError as error:  # invalid content encoding, or HTML
            response = error.response or httpx.Response(200, headers={"Content-Type": "application/json"})
        answer = check.add_response(response, page=page)
        body: Object = answer if is_object(answer) else {}
        if page is not None and body.get("current_page", page) != page:
            check.add("breach", "wrong page", "$.current_page", "the requested page", "another page")
        if cause := failure(operation, ids, response, page):
            check.add("breach", "unreadable", "$", "readable by the client", cause)
        yield body
        if page is None or page == limit or body.get("current_page") != page or not body.get("next_page_url"):
            return
        page += 1


def _stops(error: RequestError) -> bool:
    """Returns whether other operations would fail in the same way."""
    return not isinstance(error, StatusError) or error.status_code in {401, 429}


def _remark(error: RequestError) -> str:
    """Says what went wrong, without the path and the server's message, which can contain an id."""
    status = error.status_code
    what = f"{status} {reasons.get(status, '')}".strip() if status else type(error).__name__
    return ". ".join(filter(None, (what.removesuffix("Error"), error.next_step)))
