"""Checking a portal, from the key in the environment to the exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal import AuthenticationError, MijnKlantportaal
from mijnklantportaal.cli.app import run
from mijnklantportaal.contract import (
    Accepted,
    Behaviour,
    Finding,
    Plan,
    Report,
    Row,
    check_portal,
    render,
)
from mijnklantportaal.contract.findings import NEXT_STEPS
from mijnklantportaal.contract.shape import Baseline
from mijnklantportaal.document import Document
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Edit
from tests import processes
from tests.support import KEY, answer, page, sample, serving

pytestmark = pytest.mark.document

MESSAGE = (
    "the extra contract is not installed (missing: rfc3339_validator): "
    'pip install "mijnklantportaal[contract]"'
)


def check(*answers: bytes, pages: int | None = 3) -> tuple[Report, list[str]]:
    with serving(*answers) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        return check_portal(portal, Plan(pages=pages)), wire.targets


class TestPages:
    @pytest.mark.mijnklantportaal_sandbox(customers=100)
    @pytest.mark.parametrize(("pages", "checked"), [(1, 1), (3, 3), (7, 7), (8, 7), (None, 7)])
    def test_the_number_of_pages_is_limited(
        self, mijnklantportaal_sandbox: Sandbox, pages: int | None, checked: int
    ) -> None:
        with MijnKlantportaal() as portal:
            report = check_portal(portal, Plan(pages=pages))
        assert (report.rows[0].responses, report.outcome, report.findings) == (checked, "ok", ())
        assert [request.page for request in mijnklantportaal_sandbox.requests] == list(range(1, checked + 1))

    @pytest.mark.mijnklantportaal_sandbox(customers=0)
    def test_an_empty_portal_conforms(self, mijnklantportaal_sandbox: Sandbox) -> None:
        with MijnKlantportaal() as portal:
            assert check_portal(portal).outcome == "ok"

    def test_a_different_page_is_a_breach_and_does_not_loop(self) -> None:
        report, targets = check(*[page(1, ["cst_1"], more=True)] * 5, pages=None)
        found = [(each.kind, each.got, each.page) for each in report.findings if each.severity == "breach"]
        assert found == [("unreadable", "PaginationError", 2), ("wrong page", "another page", 2)]
        assert len(targets) == 2


def breaches(report: Report) -> list[tuple[str, str, str]]:
    """The breaches of the document."""
    return [
        (each.path, each.expected, each.got)
        for each in report.findings
        if each.severity == "breach" and each.kind != "unreadable"
    ]


@pytest.mark.parametrize(
    ("bad", "found"),
    [
        (answer(b"<html>", content_type="text/html"), "text/html"),
        (answer(b"", status=204), "status 204"),
        (answer(b"{"), "invalid JSON"),
        (answer(b"no gzip at all", headers="Content-Encoding: gzip\r\n"), "invalid JSON"),
        (page(1, [], more=False, data={}), "object"),
        (page(1, [], more=True, next_page_url=...), "missing"),
    ],
)
def test_an_invalid_response_is_a_breach(bad: bytes, found: str) -> None:
    report, _ = check(bad)
    assert [got for _, _, got in breaches(report)] == [found]
    assert (report.outcome, report.rows[0].responses, report.error) == ("breach", 1, None)


class TestCannotCheck:
    @pytest.mark.parametrize(
        ("name", "status"),
        [("401-wrong-token", 3), ("404-unknown-path", 5), ("500-server-error", 5), ("503-maintenance", 5)],
    )
    def test_error_responses(
        self, name: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with serving(*[sample(name)] * 9) as wire:
            monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
            monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
            assert run(["check"]) == status
        assert f"not checked  -          {name[:3]} " in capsys.readouterr().out

    def test_findings_before_an_error_are_reported(self) -> None:
        report, _ = check(page(1, ["cst_1"], more=True, per_page="15"), sample("401-wrong-token"))
        assert breaches(report) == [("$.per_page", "integer", "string")]
        (row,) = report.rows
        assert (report.outcome, row.responses) == ("breach", 1)
        assert isinstance(report.error, AuthenticationError)
        assert row.remark.startswith("401 Unauthorized. Check the API key")


def rename(**changes: Any) -> Callable[[Any], Any]:
    return lambda page: page | {"data": [row | changes for row in page["data"]]}


class TestCommand:
    @pytest.mark.parametrize(
        ("edit", "arguments", "status"),
        [
            (rename(), [], 0),
            (rename(), ["--strict"], 0),
            (rename(added=1), [], 0),
            (rename(added=1), ["--strict"], 1),
            (rename(phone=1), [], 1),
        ],
    )
    def test_exit_status(
        self,
        mijnklantportaal_sandbox: Sandbox,
        capsys: pytest.CaptureFixture[str],
        edit: Callable[[Any], Any],
        *,
        arguments: list[str],
        status: int,
    ) -> None:
        for output in ("table", "json", "github"):
            mijnklantportaal_sandbox.reset(faults={number: Edit(edit) for number in range(1, 5)})
            assert run(["check", *arguments, "--pages=0", "--format", output]) == status
        out = capsys.readouterr().out
        for secret in (mijnklantportaal_sandbox.api_key, *mijnklantportaal_sandbox.customer(0).values()):
            assert not isinstance(secret, str) or secret not in out

    @pytest.mark.mijnklantportaal_sandbox(customers=100)
    def test_pages(self, mijnklantportaal_sandbox: Sandbox) -> None:
        assert run(["check", "--pages=2"]) == 0
        assert [request.page for request in mijnklantportaal_sandbox.requests] == [1, 2]


BREACH = Finding(
    "GET /customers", "breach", "wrong type", "$.data[*].phone", "string or null", "integer", 30, 2
)
DRIFT = Finding("GET /customers", "drift", "never sent", "$.path", "a documented field", "missing", 3)
KNOWN = replace(DRIFT, severity="accepted", operation="GET /tickets")
REPORT = Report(
    (
        Row("GET /customers", "breach", 3),
        Row("GET /tickets", "ok", 1),
        Row("GET /tickets/{ticketId}", "not checked", remark="no id known"),
    ),
    (BREACH, DRIFT, KNOWN),
    unused=(Accepted("$.old", "new field", "why"),),
    behaviour=(
        Behaviour("responses are JSON", "ok", "application/json", "the client rejects them"),
        Behaviour(
            "rate limit headers count down", "breach", "59, then 60 of 60", "the client runs into 429s"
        ),
        Behaviour("a wrong key gives 401", "not checked", "no response", "no hint to check the key"),
    ),
)
SUMMARY = "3 operations: 1 ok, 1 not checked, 1 breach; 3 behaviours: 1 ok, 1 not checked, 1 breach"


class TestFormats:
    def test_table(self) -> None:
        assert render(REPORT).splitlines() == [
            "operation                result       responses",
            "GET /customers           breach       3",
            "GET /tickets             ok           1",
            "GET /tickets/{ticketId}  not checked  -          no id known",
            "",
            "operation       severity  kind        path             expected            got      count  page",
            "GET /customers  breach    wrong type  $.data[*].phone  string or null      integer  30     2",
            "GET /customers  drift     never sent  $.path           a documented field  missing  3      -",
            "GET /tickets    accepted  never sent  $.path           a documented field  missing  3      -",
            "",
            *(f"{severity}: {NEXT_STEPS[severity]}" for severity in ("breach", "drift", "accepted")),
            "",
            "behaviour                      result       observed           if it does not hold",
            "responses are JSON             ok           application/json   the client rejects them",
            "rate limit headers count down  breach       59, then 60 of 60  the client runs into 429s",
            "a wrong key gives 401          not checked  no response        no hint to check the key",
            "",
            "accepted, but no longer found: $.old (new field)",
            SUMMARY,
        ]

    def test_json(self) -> None:
        parsed = json.loads(render(REPORT, "json"))
        assert (parsed["outcome"], len(parsed["operations"])) == ("breach", 3)
        assert parsed["findings"][0] == {
            "severity": "breach",
            "kind": "wrong type",
            "operation": "GET /customers",
            "path": "$.data[*].phone",
            "expected": "string or null",
            "got": "integer",
            "count": 30,
            "page": 2,
        }
        assert parsed["operations"][2] == {
            "operation": "GET /tickets/{ticketId}",
            "outcome": "not checked",
            "responses": 0,
            "remark": "no id known",
        }
        assert parsed["behaviour"][1]["outcome"] == "breach"
        assert parsed["unused"] == ["$.old (new field)"]

    def test_github(self) -> None:
        lines = render(REPORT, "github").splitlines()
        assert [line.partition("::")[2].partition(" title=")[0] for line in lines[:-1]] == [
            *("error", "warning", "notice", "error", "notice", "notice")
        ]
        assert lines[0].startswith(
            "::error title=GET /customers $.data[*].phone::breach, wrong type: expected string or null, "
        )
        assert "got integer (count 30, first on page 2)" in lines[0]
        assert lines[-1] == SUMMARY

    def test_github_annotations_cannot_be_forged(self) -> None:
        report = Report((Row("GET /customers", "not checked", remark="50% of it:\n::error::forged"),))
        assert render(report, "github").splitlines()[0] == (
            "::notice title=GET /customers::not checked: 50%25 of it:%0A::error::forged"
        )

    def test_an_empty_report(self) -> None:
        assert Report(()).outcome == "not checked"
        assert render(Report(())) == "operation  result  responses\n\n0 operations: none"


def test_accepted_findings_do_not_count_and_unused_entries_are_listed() -> None:
    accepted = [
        Accepted("$.path", "never sent", "a"),
        Accepted("$.path", "gone", "b"),
        Accepted("$.path", "never sent", "misspelt", "customers"),
    ]
    with serving(page(1, ["cst_1"], more=False, path=...)) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            report = check_portal(portal, accepted=accepted)
    assert ("accepted", "$.path") in {(each.severity, each.path) for each in report.findings}
    assert report.unused == (accepted[1], accepted[2])


def test_an_accepted_finding_of_an_operation_that_was_not_checked_is_not_unused() -> None:
    with serving(sample("404-unknown-path")) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            report = check_portal(portal, accepted=[Accepted("$.path", "gone", "a", "GET /customers")])
    assert report.unused == ()


def test_a_field_that_is_gone_since_the_baseline_is_a_breach() -> None:
    def shapes(answer: bytes, baseline: Baseline | None = None) -> Report:
        with serving(answer) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            return check_portal(portal, baseline=baseline)

    before = shapes(page(1, ["cst_1"], more=False)).shapes
    assert breaches(shapes(page(1, ["cst_1"], more=False), before)) == []
    lost = shapes(page(1, ["cst_1"], more=False, path=...), before)
    assert breaches(lost) == [("$.path", "always present (1 of 1)", "missing")]
    assert "not in baseline" in {each.kind for each in shapes(page(1, ["cst_1"], more=False), {}).findings}


def test_an_operation_left_out_of_the_client_is_listed_and_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notes = [
        {"kind": "left out", "where": "GET /odd", "what": "unsupported body"},
        {"kind": "left out", "where": "webhooks", "what": "not supported"},
        {"kind": "read", "where": "GET /customers", "what": "`nullable`"},
    ]
    monkeypatch.setattr("mijnklantportaal.contract.plan.provenance", lambda: {"notes": notes})
    report, _ = check(page(1, ["cst_1"], more=False))
    assert [(row.operation, row.outcome, row.remark) for row in report.rows[1:]] == [
        ("GET /odd", "not checked", "left out of the client: unsupported body")
    ]
    assert report.outcome == "drift"
    assert Plan(["customers"]).left_out == []


def test_a_plan_includes_what_supplies_the_ids_of_the_operations_that_supply_ids() -> None:
    paths = ["/things", "/a/{a}/b", "/a/{a}/b/{b}"]
    items = {path: {"get": {"operationId": path, "responses": {}}} for path in paths}
    plan = Plan(["/a/{a}/b/{b}"], document=Document({"paths": items}))
    assert [operation.path for operation in plan.operations] == paths


def test_a_response_that_only_the_client_rejects_is_a_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mijnklantportaal.contract.live.failure", lambda *_: "TypeError")
    report, _ = check(page(1, ["cst_1"], more=False))
    found = [(each.kind, each.got) for each in report.findings if each.severity == "breach"]
    assert found == [("unreadable", "TypeError")]


def without_an_extra(folder: Path, *arguments: str) -> tuple[int, str, str]:
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['rfc3339_validator'] = None\n")
    done = processes.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_missing_extra_is_one_line_with_status_2(tmp_path: Path) -> None:
    assert without_an_extra(tmp_path, "-m", "mijnklantportaal.contract") == (2, "", f"Error: {MESSAGE}\n")


def test_a_missing_extra_is_named_on_import(tmp_path: Path) -> None:
    code = "try: import mijnklantportaal.contract\nexcept ImportError as error: print(error, error.name)"
    assert without_an_extra(tmp_path, "-c", code) == (0, f"{MESSAGE} rfc3339_validator\n", "")
