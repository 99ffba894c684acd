"""Checking a portal, from the key in the environment to the exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal import MijnKlantportaal, MijnKlantportaalError
from mijnklantportaal.cli.app import run
from mijnklantportaal.contract import FORMATS, Finding, Report, check_portal, render
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Edit
from tests import processes
from tests.support import KEY, answer, page, sample, serving

pytestmark = pytest.mark.document

MESSAGE = (
    "mijnklantportaal.contract needs jsonschema, referencing and rfc3339-validator: "
    'pip install "mijnklantportaal[contract]"'
)


def check(*answers: bytes, pages: int | None = 3) -> tuple[Report, list[str]]:
    with serving(*answers) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        return check_portal(portal, pages=pages), wire.targets


class TestPages:
    @pytest.mark.mijnklantportaal_sandbox(customers=100)
    @pytest.mark.parametrize(("pages", "checked"), [(1, 1), (3, 3), (7, 7), (8, 7), (None, 7)])
    def test_no_more_than_asked_for(
        self, mijnklantportaal_sandbox: Sandbox, pages: int | None, checked: int
    ) -> None:
        with MijnKlantportaal() as portal:
            report = check_portal(portal, pages=pages)
        assert (report.pages, report.outcome, report.findings) == (checked, "ok", ())
        assert [request.page for request in mijnklantportaal_sandbox.requests] == list(range(1, checked + 1))

    @pytest.mark.mijnklantportaal_sandbox(customers=0)
    def test_an_empty_portal_keeps_to_the_document(self, mijnklantportaal_sandbox: Sandbox) -> None:
        with MijnKlantportaal() as portal:
            assert check_portal(portal).outcome == "ok"

    def test_another_page_than_asked_for_is_a_breach_and_no_loop(self) -> None:
        report, targets = check(*[page(1, ["cst_1"], more=True)] * 5, pages=None)
        assert [(each.path, each.page) for each in report.findings if each.severity == "breach"] == [
            ("$.current_page", 2)
        ]
        assert len(targets) == 2


def breaches(report: Report) -> list[tuple[str, str, str]]:
    return [(each.path, each.expected, each.got) for each in report.findings if each.severity == "breach"]


@pytest.mark.parametrize(
    ("bad", "found"),
    [
        (answer(b"<html>", content_type="text/html"), "content type text/html"),
        (answer(b"", status=204), "status 204"),
        (answer(b"{"), "what cannot be read as JSON"),
        (answer(b"no gzip at all", headers="Content-Encoding: gzip\r\n"), "an encoding that cannot be read"),
        (page(1, [], more=False, data={}), "object"),
        (page(1, [], more=True, next_page_url=...), "missing"),
    ],
)
def test_what_the_wrapper_itself_cannot_take_is_a_breach(bad: bytes, found: str) -> None:
    report, _ = check(bad)
    assert [got for _, _, got in breaches(report)] == [found]
    assert (report.outcome, report.pages, report.stopped) == ("breach", 1, None)


class TestCannotCheck:
    @pytest.mark.parametrize(
        ("name", "status"),
        [("401-wrong-token", 3), ("404-unknown-path", 5), ("500-server-error", 5), ("503-maintenance", 5)],
    )
    def test_errors_that_the_api_foresees(
        self, name: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with serving(*[sample(name)] * 9) as wire:
            monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
            monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
            assert run(["check"]) == status
        assert "cannot check: GET /v1/customers" in capsys.readouterr().out

    def test_what_was_found_before_is_reported(self) -> None:
        report, _ = check(page(1, ["cst_1"], more=True, per_page="15"), sample("401-wrong-token"))
        assert breaches(report) == [("$.per_page", "integer", "string")]
        assert (report.outcome, report.pages) == ("breach", 1)
        assert report.stopped is not None
        assert "401 Unauthorized" in str(report.stopped)

    def test_no_key(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.delenv("MIJNKLANTPORTAAL_API_KEY", raising=False)
        assert run(["check"]) == 3
        assert "there is no API key" in capsys.readouterr().err


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
        for output in FORMATS:
            mijnklantportaal_sandbox.reset(faults={number: Edit(edit) for number in range(1, 5)})
            assert run(["check", *arguments, "--all", "--format", output]) == status
        out = capsys.readouterr().out
        for secret in (mijnklantportaal_sandbox.api_key, *mijnklantportaal_sandbox.customer(0).values()):
            assert not isinstance(secret, str) or secret not in out

    @pytest.mark.mijnklantportaal_sandbox(customers=100)
    def test_so_many_pages(self, mijnklantportaal_sandbox: Sandbox) -> None:
        assert run(["check", "--pages=2"]) == 0
        assert [request.page for request in mijnklantportaal_sandbox.requests] == [1, 2]

    @pytest.mark.parametrize(
        "arguments", [["--pages=0"], ["--pages=x"], ["--pages=2", "--all"], ["--format=xml"]]
    )
    def test_a_bad_option(self, arguments: list[str]) -> None:
        assert run(["check", *arguments]) == 2


REPORT = Report(
    "GET /customers",
    (
        Finding("breach", "GET /customers", "$.data[*].phone", "string or null", "integer", 30, 2),
        Finding("drift", "GET /customers", "$.path", "the field now and then", "never", 3),
    ),
    3,
)


class TestFormats:
    def test_table(self) -> None:
        assert render(REPORT).splitlines() == [
            "GET /customers: breach (3 pages checked)",
            "        path             expected                got      times  page",
            "breach  $.data[*].phone  string or null          integer  30     2",
            "drift   $.path           the field now and then  never    3      -",
            f"breach: {REPORT.findings[0].next_step}",
            f"drift: {REPORT.findings[1].next_step}",
        ]

    def test_json(self) -> None:
        parsed = json.loads(render(REPORT, "json"))
        assert (parsed["outcome"], parsed["pages"], parsed["stopped"]) == ("breach", 3, None)
        assert parsed["findings"][0] == {
            "severity": "breach",
            "operation": "GET /customers",
            "path": "$.data[*].phone",
            "expected": "string or null",
            "got": "integer",
            "count": 30,
            "page": 2,
        }

    def test_github(self) -> None:
        lines = render(REPORT, "github").splitlines()
        assert lines[0].startswith(
            "::error title=GET /customers $.data[*].phone::breach: expected string or null, "
        )
        assert "got integer (30 times, first on page 2)" in lines[0]
        assert lines[1].startswith("::warning title=GET /customers $.path::drift: ")

    def test_github_cannot_be_told_other_commands(self) -> None:
        report = Report("GET /customers", stopped=MijnKlantportaalError("50% of it:\n::error::forged"))
        assert render(report, "github").splitlines()[0] == (
            "::warning title=GET /customers::cannot check: 50%25 of it:%0A::error::forged"
        )


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


def test_a_missing_extra_is_one_line_and_cannot_check(tmp_path: Path) -> None:
    assert without_an_extra(tmp_path, "-m", "mijnklantportaal.contract") == (2, "", MESSAGE + "\n")


def test_a_missing_extra_is_named_to_who_imports_it(tmp_path: Path) -> None:
    code = "try: import mijnklantportaal.contract\nexcept ImportError as error: print(error, error.name)"
    assert without_an_extra(tmp_path, "-c", code) == (0, f"{MESSAGE} rfc3339_validator\n", "")
