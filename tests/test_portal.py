"""What a portal is made of: arguments, environment, document."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import (
    AsyncMijnKlantportaal,
    ConfigurationError,
    MijnKlantportaal,
    MijnKlantportaalError,
)
from tests.support import KEY, page, serving


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIJNKLANTPORTAAL_API_KEY", raising=False)
    monkeypatch.delenv("MIJNKLANTPORTAAL_BASE_URL", raising=False)


@pytest.mark.parametrize("portal_class", [MijnKlantportaal, AsyncMijnKlantportaal])
def test_no_key_at_all(portal_class: type[Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"pass api_key= or set MIJNKLANTPORTAAL_API_KEY") as caught:
        portal_class()
    assert isinstance(caught.value, MijnKlantportaalError)
    assert isinstance(caught.value, ValueError)


def test_everything_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(page(1, ["a"], more=False)) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        with MijnKlantportaal() as portal:
            assert [customer.id for customer in portal.list_customers()] == ["a"]


def test_arguments_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "another")
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "https://another.example")
    with (
        serving(page(1, ["a"], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
    ):
        assert [customer.id for customer in portal.list_customers()] == ["a"]
        assert KEY in wire.heads[0]


@pytest.mark.document
def test_the_documents_server_is_the_default() -> None:
    with MijnKlantportaal(api_key=KEY) as portal:
        assert repr(portal) == "MijnKlantportaal(base_url='https://api.mijnklantportaal.nl/v1')"


def test_arguments_are_by_keyword_only() -> None:
    with pytest.raises(TypeError):
        MijnKlantportaal(KEY)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("base_url", "complaint"),
    [
        ("", "not a web address"),
        ("api.example.nl/v1", "not a web address"),
        ("ftp://api.example.nl", "not a web address"),
        ("https://", "not a web address"),
        ("https://[", "not a web address"),
        ("http\n://x", "not a web address"),
        ("http://api.example.nl/v1", "plain http:// to api.example.nl"),
        ("http://192.168.1.4:8000", "plain http://"),
        ("https://user:geheim@api.example.nl", "no user info"),
        ("https://api.example.nl/v1?x=1", "query"),
        ("https://api.example.nl/v1?", "query"),
        ("https://api.example.nl/v1#top", "fragment"),
    ],
)
def test_a_base_url_that_cannot_be_right(base_url: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        MijnKlantportaal(api_key=KEY, base_url=base_url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url", ["http://localhost:8000/v1", "http://[::1]:8000", "https://api.example.nl/v1/"]
)
def test_a_base_url_that_can(base_url: str) -> None:
    MijnKlantportaal(api_key=KEY, base_url=base_url).close()


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), True, "10", None])
def test_a_timeout_that_makes_no_sense(timeout: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout must be seconds above 0"):
        MijnKlantportaal(api_key=KEY, timeout=timeout)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, httpx.Timeout(30, connect=10)),
        ({"timeout": 5}, httpx.Timeout(5)),
        ({"timeout": httpx.Timeout(7, read=60)}, httpx.Timeout(7, read=60)),
    ],
)
def test_timeouts(arguments: dict[str, Any], expected: httpx.Timeout) -> None:
    with MijnKlantportaal(api_key=KEY, **arguments) as portal:
        assert portal.client.get_httpx_client().timeout == expected


@pytest.mark.parametrize("user_agent", ["", " ", "a\nb", "é"])
def test_a_user_agent_that_cannot_be_sent(user_agent: str) -> None:
    with pytest.raises(ConfigurationError, match="user_agent must be printable ASCII"):
        MijnKlantportaal(api_key=KEY, user_agent=user_agent)


@pytest.mark.parametrize("concurrency", [0, -1, 1.5, True, "8", None])
def test_a_concurrency_that_makes_no_sense(concurrency: Any) -> None:
    with pytest.raises(ConfigurationError, match="concurrency must be a whole number from 1"):
        MijnKlantportaal(api_key=KEY, concurrency=concurrency)


@pytest.mark.parametrize("max_wait", [-1, float("nan"), True, "60", None])
def test_a_max_wait_that_makes_no_sense(max_wait: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_wait must be seconds from 0"):
        MijnKlantportaal(api_key=KEY, max_wait=max_wait)


def test_the_generated_calls_work_through_the_client() -> None:
    async def call(base_url: str) -> int:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url) as portal:
            detailed = await list_customers.asyncio_detailed(client=portal.client)
            return detailed.status_code

    with serving(page(1, ["a"], more=False)) as wire:
        assert asyncio.run(call(wire.base_url)) == 200
