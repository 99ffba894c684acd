"""The check of every operation that can be read."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal import MijnKlantportaal, PermissionDeniedError
from mijnklantportaal.contract import Plan, Report, check_portal, render
from mijnklantportaal.document import Document
from mijnklantportaal.sandbox import Fault, ReceivedRequest, Sandbox
from mijnklantportaal.sandbox.faults import Edit, Status
from tests import processes
from tests.generated import WHOLE, generated_whole
from tools.regenerate.generate import PACKAGE


@pytest.fixture(scope="module")
def document(whole: Path) -> Document:
    return Document(json.loads(whole.read_bytes()))


Checked = tuple[Report, list[str]]


@pytest.fixture
def check(whole: Path, document: Document) -> Callable[..., Checked]:
    def run(*names: str, fault: tuple[str, Fault] | None = None) -> Checked:
        """Check these operations; the fault is that of requests for a path."""

        def faults(request: ReceivedRequest) -> Fault | None:
            return fault[1] if fault and request.path == f"/v1{fault[0]}" else None

        with Sandbox(document=whole, faults=faults) as sandbox:
            with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
                report = check_portal(portal, Plan(names, document=document))
            return report, [request.path.removeprefix("/v1") for request in sandbox.requests]

    return run


@pytest.mark.slow
def test_the_command_checks_everything_with_the_client_of_the_whole_api(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    package = generated_whole(tmp_path_factory) / WHOLE
    shutil.copytree(package, tmp_path / PACKAGE)  # in the place of the committed one
    done = processes.run(
        [sys.executable, "-m", "mijnklantportaal", "check", "--sandbox", "--strict", "--format", "json"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "Checking 36 operations with at most 52 requests.\n"
    found = json.loads(done.stdout)["operations"]
    assert {row["outcome"] for row in found} == {"ok"}
    assert (done.returncode, len(found)) == (0, 36)


def rows(report: Report) -> dict[str, str]:
    return {row.operation: row.outcome for row in report.rows}


def edited(**changes: Any) -> Fault:
    return Edit(lambda body: body | changes)


def test_everything_that_can_be_read_is_checked(check: Callable[..., Checked], document: Document) -> None:
    report, asked = check()
    assert set(rows(report)) == {str(each) for each in document.operations if each.method == "GET"}
    assert len(report.rows) == 36
    assert [row.operation for row in report.rows if row.outcome not in {"ok", "drift"}] == []
    assert len(asked) <= 52 == Plan(document=document).requests


def test_a_plan_knows_its_number_of_requests(document: Document) -> None:
    assert Plan(document=document, pages=1).requests == 36
    assert Plan(document=document, pages=None).requests is None
    assert Plan(["get-customer"], document=document, pages=None).requests is None
    assert Plan(["list-appointments"], document=document, pages=None).requests == 1


def test_lists_come_first_and_nested_ids_belong_to_their_owner(check: Callable[..., Checked]) -> None:
    _, asked = check()
    assert asked[:4] == ["/agreements", "/agreements", "/customers", "/customers"]
    assert len([path for path in asked if path.startswith("/customers/cst_")]) == 1
    (issued,) = [path for path in asked if "/issued/pcb_" in path]
    assert issued.rpartition("/")[0] in asked
    (document,) = [path for path in asked if "/documents/agd_" in path]
    assert document.partition("/documents")[0] in asked


def test_an_operation_without_a_known_id_is_not_requested_but_listed(check: Callable[..., Checked]) -> None:
    report, asked = check("get-ticket", fault=("/tickets", edited(data=[])))
    assert [(row.outcome, row.remark) for row in report.rows][1] == ("not checked", "no id known")
    assert asked == ["/tickets", "/tickets"]
    assert (report.outcome, report.error) == ("ok", None)
    assert "GET /tickets/{ticketId}  not checked  -" in render(report)


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("customer-invoices", ["GET /customer-invoices"]),
        ("get-ticket", ["GET /tickets", "GET /tickets/{ticketId}"]),
        (
            "GET /punch-cards/{punchCardId}/issued/{issuedPunchCardId}",
            [
                "GET /punch-cards",
                "GET /punch-cards/{punchCardId}/issued",
                "GET /punch-cards/{punchCardId}",
                "GET /punch-cards/{punchCardId}/issued/{issuedPunchCardId}",
            ],
        ),
    ],
)
def test_a_plan_includes_operations_that_supply_ids(
    document: Document, name: str, operations: list[str]
) -> None:
    assert [str(each) for each in Plan([name], document=document).operations] == operations


def test_an_id_that_no_list_has_can_come_from_any_response(check: Callable[..., Checked]) -> None:
    report, _ = check("download-file")
    assert len(report.rows) == 16  # 14 lists without an id, the appointments, the download
    assert rows(report)["GET /files/{fileId}/download"] in {"ok", "drift"}


def test_an_unknown_operation_suggests_the_nearest(document: Document) -> None:
    with pytest.raises(LookupError, match=r"^there is no operation tiket that .*; did you mean ticket\?$"):
        Plan(["tiket"], document=document)
    with pytest.raises(LookupError, match=r"^there is no operation xyz that can be read$"):
        Plan(["xyz"], document=document)
    with pytest.raises(LookupError, match=r"^there is no operation create-customer that can be read"):
        Plan(["create-customer"], document=document)


def test_a_missing_scope_does_not_stop_other_operations(check: Callable[..., Checked]) -> None:
    report, _ = check("tickets", "invoices", fault=("/tickets", Status(403)))
    assert report.error is None
    assert report.rows[0].outcome == "not checked"
    assert report.rows[0].remark.startswith("403 Forbidden. Give the key the scope")
    assert report.rows[1].outcome in {"ok", "drift"}


def test_a_key_without_scopes_is_an_error(check: Callable[..., Checked]) -> None:
    report, _ = check("tickets", fault=("/tickets", Status(403)))
    assert isinstance(report.error, PermissionDeniedError)
    assert report.outcome == "not checked"


def test_an_error_that_affects_all_operations_stops_the_check(check: Callable[..., Checked]) -> None:
    report, asked = check(fault=("/customers", Status(401)))
    assert report.error is not None
    assert report.rows[-1].remark == "the check stopped early"
    assert asked == ["/agreements", "/agreements", "/customers"]


def test_an_error_of_one_operation_does_not_stop_others_or_show_ids(check: Callable[..., Checked]) -> None:
    _, asked = check("get-customer")
    lost = Status(404, {"code": 404, "message": f"No {asked[-1]}"})
    report, _ = check("get-customer", "tickets", fault=(asked[-1], lost))
    assert report.error is not None
    assert rows(report)["GET /tickets"] in {"ok", "drift"}
    for form in ("table", "json", "github"):
        text = render(report, form)
        assert "404 Not Found. Check the id" in text
        assert asked[-1] not in text


def test_an_operation_with_a_required_query_parameter_is_left_out() -> None:
    parameters = [{"name": "since", "in": "query", "required": True, "schema": {"type": "string"}}]
    document = Document({"paths": {"/a": {"get": {"parameters": parameters, "responses": {}}}}})
    plan = Plan(document=document)
    assert (plan.operations, plan.requests) == ((), 0)
