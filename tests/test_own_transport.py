"""The caller's own transport: rate limit, retries and typed errors work with it."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import httpx
import pytest
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal
from tests.support import KEY

BASE_URL = "https://api.example.nl/v1"


class Mine(httpx.MockTransport):
    closed = 0

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


def page(number: int, ids: list[str], *, more: bool) -> dict[str, object]:
    return {
        "current_page": number,
        "data": [{"id": each} for each in ids],
        "next_page_url": "more" if more else None,
    }


def test_a_transport_of_the_callers() -> None:
    """Rate limit, retries and typed errors work with it; it is closed with the portal."""

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["page"])
        if len(asked) == 1:
            raise httpx.ConnectError("not yet")
        body = httpx.Response(200, json=page(1, ["a"], more=False)).content
        return httpx.Response(
            200,
            headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
            stream=httpx.ByteStream(gzip.compress(body)),
        )

    asked: list[str] = []
    transport = Mine(serve)
    with MijnKlantportaal(api_key=KEY, base_url=BASE_URL, transport=transport) as portal:
        with portal.client.with_headers({"x": "y"}):
            pass
        assert [customer.id for customer in portal.list_customers()] == ["a"]
        assert transport.closed == 0
    assert (asked, transport.closed) == (["1", "1"], 1)


def test_a_transport_of_the_callers_asynchronously() -> None:
    async def run() -> None:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=BASE_URL, transport=transport) as portal:
            async with portal.client.with_headers({"x": "y"}):
                pass
            assert [customer.id async for customer in portal.list_customers()] == ["a"]
            assert transport.closed == 0

    transport = Mine(lambda request: httpx.Response(200, json=page(1, ["a"], more=False)))
    asyncio.run(run())
    assert transport.closed == 1


def test_a_transport_of_the_callers_is_closed_after_the_last_response() -> None:
    async def run() -> None:
        sent, released = asyncio.Semaphore(0), asyncio.Event()

        async def serve(request: httpx.Request) -> httpx.Response:
            sent.release()
            await released.wait()
            return httpx.Response(200, json=page(1, ["a"], more=False))

        transport = Mine(serve)
        portal = AsyncMijnKlantportaal(api_key=KEY, base_url=BASE_URL, transport=transport)
        calls = [asyncio.create_task(list_customers.asyncio(client=portal.client)) for _ in range(3)]
        for _ in calls:
            await sent.acquire()
        await portal.aclose()
        assert transport.closed == 0
        released.set()
        assert all(await asyncio.gather(*calls))
        assert transport.closed == 1

    asyncio.run(run())


def test_elapsed_is_known() -> None:
    with MijnKlantportaal(
        api_key=KEY, transport=httpx.MockTransport(lambda _: httpx.Response(200))
    ) as portal:
        assert portal.client.get_httpx_client().get("/customers").elapsed >= timedelta(0)


def test_an_error_of_the_callers_transport_comes_through() -> None:
    class MyError(Exception):
        pass

    def fail(request: httpx.Request) -> httpx.Response:
        raise MyError

    with MijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(fail)) as portal:
        with pytest.raises(MyError):
            list(portal.list_customers())


@pytest.mark.parametrize("max_retries", [0, 2])
def test_max_retries(max_retries: int) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(500))
    with MijnKlantportaal(api_key=KEY, transport=transport, max_retries=max_retries) as portal:
        with pytest.raises(Exception, match="500") as caught:
            list(portal.list_customers())
    assert getattr(caught.value, "attempts", None) == max_retries + 1
