"""`make contract-check`: what it says when something does not hold."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Edit, Status
from tests.changed import CURRENT
from tools.compare import contract_check, node
from tools.compare.contract_check import CHECKS, Outcome, document, generated, live, main, notes
from tools.regenerate.generate import CONFIG, PACKAGE, ROOT


def test_a_table_and_below_it_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    checks = {
        "one": lambda: Outcome("ok", "4 passed"),
        "two": lambda: Outcome("FAILED", "see below", "why"),
        "three": lambda: Outcome("not checked", "no key"),
    }
    assert main(checks) == 1
    assert capsys.readouterr().out.splitlines() == [
        "one                 ok           4 passed",
        "two                 FAILED       see below",
        "three               not checked  no key",
        "",
        "two: FAILED",
        "why",
    ]


def test_what_is_not_checked_and_what_drifts_is_no_failure() -> None:
    assert main({"a": lambda: Outcome("not checked"), "b": lambda: Outcome("drift")}) == 0
    assert list(CHECKS) == [
        *("document", "generated package", "notes", "client", "Prism", "sandbox", "live API")
    ]


@pytest.mark.document
class TestLive:
    def test_without_a_key_it_is_not_ok(self) -> None:
        assert live({}) == Outcome("not checked", "no API key: set MIJNKLANTPORTAAL_API_KEY")
        assert live({"MIJNKLANTPORTAAL_API_KEY": ""}).result == "not checked"

    def test_all_well(self, mijnklantportaal_sandbox: Sandbox) -> None:
        assert live() == Outcome("ok", "1 operation: 1 ok")

    def test_drift_and_breach(self, mijnklantportaal_sandbox: Sandbox) -> None:
        mijnklantportaal_sandbox.reset(faults={2: Edit(lambda page: page | {"new": "secret"})})
        outcome = live()
        assert (outcome.result, outcome.detail) == ("drift", "1 operation: 1 drift")
        assert "$.new" in outcome.output
        assert "secret" not in outcome.output
        mijnklantportaal_sandbox.reset(faults={2: Edit(lambda page: page | {"per_page": "15"})})
        assert live().result == "FAILED"

    def test_a_key_that_is_refused_is_a_failure(
        self, mijnklantportaal_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mijnklantportaal_sandbox.reset(faults={1: Status(401)})
        outcome = live()
        assert (outcome.result, outcome.detail) == ("FAILED", "1 operation: 1 not checked")
        assert "401 Unauthorized" in outcome.output
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "a b")
        assert (live().result, live().detail) == ("FAILED", "cannot check")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's sources to do harm to."""
    for name in ("overlay.yaml", CONFIG, "redocly.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "openapi.yaml").write_bytes(CURRENT)
    monkeypatch.setattr(contract_check, "ROOT", tmp_path)
    return tmp_path


CREATED = b"          type: string\n          example: '2024-04-28T21:00:00+02:00'\n"


@pytest.mark.slow
class TestDocument:
    def test_sound(self, root: Path) -> None:
        assert document() == Outcome("ok", "no lint errors; every overlay action is needed")

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            (
                CREATED,
                CREATED + b"          format: date-time\n",
                " …): it changes nothing (upstream now says the same): remove it",
            ),
            (
                b"example: Amsterdam\n",
                b"example: Amsterdam\n          typ: string\n",
                "#/components/schemas/Customer/properties/city/typ: Property `typ` is not expected here. "
                "(struct); correct it in overlay.yaml",
            ),
            (b"    APIKey:\n", b"    Key:\n", "#/security/0/APIKey: "),
        ],
    )
    def test_not_sound(self, root: Path, old: bytes, new: bytes, problem: str) -> None:
        assert old in CURRENT
        (root / "openapi.yaml").write_bytes(CURRENT.replace(old, new))
        outcome = document()
        assert outcome.result == "FAILED"
        assert problem in outcome.output


def test_what_is_not_in_the_client_is_drift_and_named(root: Path) -> None:
    package = root / "generated" / PACKAGE
    package.mkdir(parents=True)
    read = {"kind": "adjusted", "where": "GET /customers", "what": "its `nullable`"}
    left_out = {"kind": "left out", "where": "POST /agreements", "what": "its body"}
    for found, outcome in (
        ([], Outcome("ok", "none")),
        ([read], Outcome("ok", "1 adjusted", "adjusted: GET /customers: its `nullable`")),
        (
            [left_out, read],
            Outcome(
                "drift",
                "1 left out, 1 adjusted",
                "left out: POST /agreements: its body\nadjusted: GET /customers: its `nullable`",
            ),
        ),
    ):
        (package / "provenance.json").write_text(json.dumps({"notes": found}))
        assert notes() == outcome


def test_without_node_there_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(node, "BIN", tmp_path)
    assert document().output == "redocly is not installed: it needs Node 20.19 or newer and `make node-tools`"


def test_a_command_that_fails_shows_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "python"
    script.write_text('#!/bin/sh\necho "$@"\nexit 1\n')
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    assert generated() == Outcome("FAILED", "see below", "-m tools.regenerate.generate --check")
