"""`mijnklantportaal check`: its options and how it ends. (tests/contract holds what it finds.)"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from mijnklantportaal.sandbox import Sandbox, faults
from tests.support import answer, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.helpers import Ran

    Invoke = Callable[..., Ran]


def test_the_sandbox_conforms(invoke: Invoke) -> None:
    done = invoke("check", "--sandbox")
    assert done.status == 0
    assert re.fullmatch(r"Checking \d+ operations? with at most \d+ requests\.\n", done.err)
    assert "GET /customers" in done.out
    assert invoke("check", "--sandbox", "--quiet", "--pages", "0").err == ""


def test_the_key_can_come_from_a_file(sandbox: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("another-key")
    assert invoke("check", "--api-key-file", str(file)).status == 3
    file.write_text(sandbox.api_key)
    assert invoke("check", "--api-key-file", str(file)).status == 0


def test_a_breach_is_status_1_and_an_error_has_its_own(sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults={1: faults.Edit(lambda page: page | {"per_page": "15"})})
    assert invoke("check").status == 1
    sandbox.reset(faults=lambda request: faults.Status(404))
    assert invoke("check").status == 5


def test_the_rate_limit_is_status_4(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer({"code": 429}, status=429, headers="Retry-After: 9999\r\n")) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key")
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        assert invoke("check").status == 4


def test_a_report_has_no_control_characters(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mijnklantportaal.contract.render", lambda *_: "a\x1b[31m\nb")
    assert invoke("check", "--sandbox").out == "a\\u001b[31m\nb\n"


def test_ctrl_c_is_one_line(sandbox: Sandbox, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mijnklantportaal.contract.check_portal", interrupted)
    assert invoke("check", "--quiet") == (130, "", "Interrupted.\n")


def test_a_missing_extra_is_one_line(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3339_validator", None)
    monkeypatch.delitem(sys.modules, "mijnklantportaal.contract", raising=False)
    monkeypatch.delattr("mijnklantportaal.contract", raising=False)
    done = invoke("check")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.endswith('pip install "mijnklantportaal[contract]".\n')


def test_a_baseline_is_recorded_and_then_compared_with(
    sandbox: Sandbox, invoke: Invoke, tmp_path: Path
) -> None:
    file = tmp_path / "shape.json"
    done = invoke("check", "--baseline", str(file))
    assert (done.status, done.err.splitlines()[-1]) == (0, f"Recorded {file}.")
    recorded = file.read_bytes()
    assert invoke("check", "--baseline", str(file)).status == 0
    nameless = faults.Edit(lambda page: page | {"data": [without_name(row) for row in page["data"]]})
    sandbox.reset(faults=lambda request: nameless if request.path.endswith("/customers") else None)
    done = invoke("check", "--baseline", str(file))
    assert (done.status, done.out.count("  gone")) == (1, 1)
    assert file.read_bytes() == recorded


def without_name(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "companyName"}


def test_a_check_that_fails_records_no_baseline(sandbox: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    sandbox.reset(faults={1: faults.Status(401)})
    file = tmp_path / "shape.json"
    done = invoke("check", "--baseline", str(file))
    assert (done.status, file.exists()) == (3, False)
    assert f"Did not record {file}" in done.err


def test_an_accepted_finding_is_not_a_breach(sandbox: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    sandbox.reset(faults=lambda _: faults.Edit(lambda page: page | {"per_page": "15"}))
    file = tmp_path / "accept.toml"
    file.write_text('[[accept]]\npath = "$.per_page"\nkind = "wrong type"\nreason = "reported"\n')
    assert invoke("check").status == 1
    done = invoke("check", "--accept", str(file))
    assert (done.status, "accepted  wrong type" in done.out) == (0, True)


def test_behaviour_is_checked_too(sandbox: Sandbox, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mijnklantportaal.contract.behaviour._MOST_UNTIL_429", 9)
    done = invoke("check", "--behaviour", "--exhaust")
    assert (done.status, "a 429 says when to retry            not checked" in done.out) == (0, True)
    assert done.err.endswith(
        " requests, 6 more for --behaviour, then all that the rate limit still allows.\n"
    )
    sandbox.reset(faults=lambda request: faults.Status(500) if request.page is None else None)
    assert invoke("check", "--behaviour").status == 1


def test_behaviour_that_could_not_be_checked_is_status_5(sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults={1: faults.Drop("before")})
    done = invoke("check", "--behaviour")
    assert (done.status, "no response" in done.out) == (5, True)


def test_a_wait_is_announced(sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults={1: faults.Status(503, headers={"Retry-After": "7"})})
    done = invoke("check")
    assert (done.status, "Waiting 7 s: " in done.err) == (0, True)


def test_no_network_is_status_5(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key")
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "http://127.0.0.1:9")
    done = invoke("check")
    assert (done.status, "not checked" in done.out) == (5, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--operation", "custmers"],
            "there is no operation custmers that can be read; did you mean customers?",
        ),
        (["--exhaust"], "--exhaust needs --behaviour"),
        (["--accept", "no-such.toml"], "No such file or directory: no-such.toml."),
        (["--baseline", __file__], "is not a baseline"),
        (["--baseline", "absent/b.json"], "absent is not a folder that can be written to"),
    ],
)
def test_a_usage_error_is_status_2_and_sends_nothing(
    sandbox: Sandbox, invoke: Invoke, arguments: list[str], words: str
) -> None:
    done = invoke("check", *arguments)
    assert (done.status, words in done.err, sandbox.requests) == (2, True, [])


def test_without_a_key_it_is_status_3(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIJNKLANTPORTAAL_API_KEY", raising=False)
    done = invoke("check")
    assert done.status == 3
    assert "there is no API key" in done.err


@pytest.mark.parametrize("argument", ["--pages=-1", "--pages=x", "--format=xml"])
def test_an_invalid_option_is_status_2(invoke: Invoke, argument: str) -> None:
    assert invoke("check", argument).status == 2
