"""The httpx clients of a portal differ from httpx's own in speed, not in what they send."""

from __future__ import annotations

import asyncio
import email
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal
from mijnklantportaal.transport import AsyncSession, Session
from tests.support import KEY, Wire, page, serving

text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
values = st.one_of(text, st.integers(), st.booleans(), st.none(), st.lists(text, max_size=3))


@given(
    base=st.sampled_from(["https://api.example.nl/v1", "https://api.example.nl", "http://[::1]:8000/a%20b/"]),
    path=st.one_of(
        st.just("/customers"), text.map("/".__add__), text, st.just("https://other.example/x?y#z")
    ),
    params=st.one_of(st.none(), st.dictionaries(text, values, max_size=3)),
    always=st.one_of(st.none(), st.dictionaries(text, values, max_size=1)),
)
def test_addresses_are_those_of_httpx(
    base: str, path: str, params: dict[str, Any] | None, always: dict[str, Any] | None
) -> None:
    def address(client: httpx.Client | httpx.AsyncClient) -> str | type[Exception]:
        try:
            return str(client.build_request("GET", path, params=params).url)
        except httpx.InvalidURL as error:
            return type(error)

    nowhere = httpx.MockTransport(lambda request: httpx.Response(200))  # or each would load the trust store
    expected = address(httpx.Client(base_url=base, params=always, transport=nowhere))
    assert address(Session(base_url=base, params=always, transport=nowhere)) == expected
    assert address(AsyncSession(base_url=base, params=always, transport=nowhere)) == expected


def answered(count: int) -> list[bytes]:
    return [page(1, ["cst_1"], more=False).replace(b"\r\n", b"\r\nSet-Cookie: seen=1; Path=/\r\n", 1)] * count


def cookies_sent(wire: Wire) -> list[str | None]:
    return [email.message_from_string(head.partition("\r\n")[2])["cookie"] for head in wire.heads]


def test_no_cookie_of_an_answer_is_kept() -> None:
    with serving(*answered(2)) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        list_customers.sync(client=portal.client)
        list_customers.sync(client=portal.client)
        assert dict(portal.client.get_httpx_client().cookies) == {}
    assert cookies_sent(wire) == [None, None]


def test_cookies_that_a_caller_sets_are_sent() -> None:
    async def run() -> None:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            portal.client.get_async_httpx_client().cookies = {"mine": "3"}
            await list_customers.asyncio(client=portal.client)

    with serving(*answered(4)) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            list_customers.sync(client=portal.client.with_cookies({"mine": "1"}))
            list_customers.sync(client=portal.client)
            portal.client.get_httpx_client().cookies = {"mine": "2"}
            list_customers.sync(client=portal.client)
        asyncio.run(run())
    assert cookies_sent(wire) == ["mine=1", "mine=1", "mine=2", "mine=3"]
