"""How a portal is configured: arguments, environment, document."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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
from mijnklantportaal.portal import PortalClient
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
        ("", "not a URL"),
        ("api.example.nl/v1", "not a URL"),
        ("ftp://api.example.nl", "not a URL"),
        ("https://", "not a URL"),
        ("https://[", "not a URL"),
        ("http\n://x", "not a URL"),
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


def test_an_invalid_base_url_names_the_variable_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "api.example.nl")
    with pytest.raises(ConfigurationError, match=r"^MIJNKLANTPORTAAL_BASE_URL is not a URL"):
        MijnKlantportaal(api_key=KEY)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"api_key": 5}, "api_key must be a str, not int"),
        ({"api_key": b"secret"}, "api_key must be a str, not bytes"),
        ({"base_url": httpx.URL("https://api.example.nl")}, "base_url must be a str, not URL"),
        ({"user_agent": 5}, "user_agent must be a str, not int"),
        ({"on_wait": 5}, "on_wait must be a function, not int"),
    ],
)
def test_an_argument_of_another_type(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        MijnKlantportaal(**({"api_key": KEY} | arguments))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url", ["http://localhost:8000/v1", "http://[::1]:8000", "https://api.example.nl/v1/"]
)
def test_a_base_url_that_can(base_url: str) -> None:
    MijnKlantportaal(api_key=KEY, base_url=base_url).close()


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), True, "10", None])
def test_a_timeout_that_makes_no_sense(timeout: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout must be a positive number of seconds"):
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
    with pytest.raises(ConfigurationError, match="concurrency must be an integer of at least 1"):
        MijnKlantportaal(api_key=KEY, concurrency=concurrency)


@pytest.mark.parametrize("max_wait", [-1, float("nan"), True, "60", None])
def test_a_max_wait_that_makes_no_sense(max_wait: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_wait must be a number of seconds, at least 0"):
        MijnKlantportaal(api_key=KEY, max_wait=max_wait)


def test_the_generated_calls_work_through_the_client() -> None:
    async def call(base_url: str) -> int:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url) as portal:
            detailed = await list_customers.asyncio_detailed(client=portal.client)
            return detailed.status_code

    with serving(page(1, ["a"], more=False)) as wire:
        assert asyncio.run(call(wire.base_url)) == 200


@pytest.mark.parametrize("derive", [PortalClient.with_headers, PortalClient.with_cookies])
def test_a_derived_client_leaves_the_portals_own_alone(derive: Callable[..., PortalClient]) -> None:
    with serving(page(1, [], more=False), page(1, [], more=False)) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            portal.client.get_httpx_client()  # it already exists, and must not change
            with derive(portal.client, {"mine": "1"}) as derived:
                list_customers.sync(client=derived)
            list_customers.sync(client=portal.client)
        assert [("mine=1" in head or "mine: 1" in head) for head in wire.heads] == [True, False]


def test_a_derived_timeout_leaves_the_portals_own_alone() -> None:
    with MijnKlantportaal(api_key=KEY) as portal:
        before = portal.client.get_httpx_client().timeout
        assert portal.client.with_timeout(httpx.Timeout(1)).get_httpx_client().timeout == httpx.Timeout(1)
        assert portal.client.get_httpx_client().timeout == before


def test_a_client_is_for_one_kind_of_call() -> None:
    with MijnKlantportaal(api_key=KEY) as portal:
        with pytest.raises(TypeError, match="need an AsyncMijnKlantportaal"):
            portal.client.get_async_httpx_client()
    with pytest.raises(TypeError, match="call the generated asyncio functions"):
        AsyncMijnKlantportaal(api_key=KEY).client.get_httpx_client()


@pytest.mark.parametrize("portal_class", [MijnKlantportaal, AsyncMijnKlantportaal])
def test_a_transport_of_the_wrong_kind(portal_class: type[Any]) -> None:
    wrong = httpx.AsyncHTTPTransport() if portal_class is MijnKlantportaal else httpx.HTTPTransport()
    with pytest.raises(
        ConfigurationError, match=r"an httpx\.(Async)?BaseTransport, not (Async)?HTTPTransport"
    ):
        portal_class(api_key=KEY, transport=wrong)


@pytest.mark.parametrize("number", [-1, 1.5, True, None])
def test_a_max_retries_that_makes_no_sense(number: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_retries must be an integer of at least 0"):
        MijnKlantportaal(api_key=KEY, max_retries=number)


@pytest.mark.parametrize("number", [0, -1, 1.5, "64 MiB"])
def test_a_max_body_size_that_makes_no_sense(number: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_body_size must be an integer of at least 1"):
        MijnKlantportaal(api_key=KEY, max_body_size=number)
