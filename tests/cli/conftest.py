from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mijnklantportaal.cli.app import run
from mijnklantportaal.sandbox import Sandbox
from tests.cli.helpers import Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Invoke = "Callable[..., Ran]"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A portal of 40 customers (three pages) that the environment points to."""
    with Sandbox(customers=40, limit=None) as served:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", served.api_key)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", served.base_url)
        yield served


@pytest.fixture
def invoke(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    """Runs the command in this process."""

    def invoke(*arguments: str) -> Ran:
        status = run(arguments)
        out, err = capsysbinary.readouterr()
        return Ran(status, out.decode("utf-8"), err.decode("utf-8"))

    return invoke


@pytest.fixture(autouse=True)
def no_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIJNKLANTPORTAAL_API_KEY", raising=False)
    monkeypatch.delenv("MIJNKLANTPORTAAL_BASE_URL", raising=False)
