"""Tests for my_app, which run against the sandbox of the fixture `mijnklantportaal_sandbox`.

    pip install "mijnklantportaal[sandbox]" pytest
    pytest examples/own_tests

They need no key and no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from my_app import addresses, main

from mijnklantportaal.sandbox import by_page, faults

if TYPE_CHECKING:
    from mijnklantportaal.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("mijnklantportaal_sandbox")


def without_addresses(page: dict[str, Any]) -> dict[str, Any]:
    rows = [{"id": row["id"], "countryCode": row["countryCode"]} for row in page["data"]]
    return {**page, "data": rows}


def test_addresses_of_all_pages(mijnklantportaal_sandbox: Sandbox) -> None:
    customers = [mijnklantportaal_sandbox.customer(position) for position in range(40)]
    dutch = [customer["primaryEmail"] for customer in customers if customer["countryCode"] == "NL"]
    assert addresses("NL") == sorted(dutch)


@pytest.mark.mijnklantportaal_sandbox(faults=by_page({2: faults.Edit(without_addresses)}))
def test_customers_without_an_address_are_left_out(mijnklantportaal_sandbox: Sandbox) -> None:
    customers = [mijnklantportaal_sandbox.customer(position) for position in (*range(15), *range(30, 40))]
    dutch = [customer["primaryEmail"] for customer in customers if customer["countryCode"] == "NL"]
    assert addresses("NL") == sorted(dutch)


@pytest.mark.mijnklantportaal_sandbox(customers=0)
def test_an_empty_portal() -> None:
    assert addresses("NL") == []


def test_a_wrong_key(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "revoked")
    assert main("NL") == 1
    assert "Ask Sanne" in capsys.readouterr().err


@pytest.mark.mijnklantportaal_sandbox(faults={1: faults.Status(403)})
def test_a_key_without_the_scope(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("NL") == 1
    assert "Ask Sanne" in capsys.readouterr().err


@pytest.mark.mijnklantportaal_sandbox(limit=2)
def test_the_rate_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("NL", max_wait=0) == 1  # 0: fails instead of waiting for the next window
    assert "Try again in a minute" in capsys.readouterr().err
