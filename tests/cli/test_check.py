"""`mijnklantportaal check`: its options and how it ends. (tests/contract holds what it finds.)"""

from __future__ import annotations

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


def test_the_sandbox_keeps_to_the_document(invoke: Invoke) -> None:
    done = invoke("check", "--sandbox")
    assert (done.status, done.err.strip()) == (0, "")
    assert "GET /customers" in done.out


def test_the_key_can_come_from_a_file(sandbox: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("another-key")
    assert invoke("check", "--api-key-file", str(file)).status == 3
    file.write_text(sandbox.api_key)
    assert invoke("check", "--api-key-file", str(file)).status == 0


def test_a_breach_is_status_1_and_what_went_wrong_has_its_own(sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults={1: faults.Edit(lambda page: page | {"per_page": "15"})})
    assert invoke("check").status == 1
    sandbox.reset(faults=lambda request: faults.Status(404))
    assert invoke("check").status == 5


def test_the_rate_limit_is_status_4(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer({"code": 429}, status=429, headers="Retry-After: 9999\r\n")) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key")
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        assert invoke("check").status == 4


def test_ctrl_c_is_one_line(sandbox: Sandbox, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mijnklantportaal.contract.check_portal", interrupted)
    assert invoke("check") == (130, "", "Interrupted.\n")


def test_without_its_extra_it_is_one_line(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    message = 'mijnklantportaal.contract needs jsonschema: pip install "mijnklantportaal[contract]"'

    class Missing:
        def __getattr__(self, name: str) -> object:
            raise ModuleNotFoundError(message)

    monkeypatch.setitem(sys.modules, "mijnklantportaal.contract", Missing())
    assert invoke("check") == (2, "", f"Error: {message}\n")
