"""The caller's own transport: rate limit, retries and typed errors work with it."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta

import httpx
import pytest
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import (
    AsyncMijnKlantportaal,
    AuthenticationError,
    ContractError,
    MijnKlantportaal,
    ServerError,
)
from tests.processes import PATIENCE
from tests.support import KEY, answer, serving

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


class Reading(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Reads each response, as a transport does that logs bodies."""

    def __init__(self) -> None:
        self.sync = httpx.HTTPTransport()
        self.asynchronous = httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.sync.handle_request(request)
        response.read()
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.asynchronous.handle_async_request(request)
        await response.aread()
        return response


@pytest.mark.parametrize("packed", [False, True])
def test_a_transport_that_has_read_the_response(packed: bool) -> None:
    async def alist(base_url: str) -> list[str]:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url, transport=Reading()) as portal:
            return [customer.id async for customer in portal.list_customers()]

    body = json.dumps(page(1, ["a"], more=False)).encode()
    response = answer(gzip.compress(body), headers="Content-Encoding: gzip\r\n") if packed else answer(body)
    with serving(response, response, response) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url, transport=Reading()) as portal:
            assert [customer.id for customer in portal.list_customers()] == ["a"]
        assert asyncio.run(alist(wire.base_url)) == ["a"]
        with MijnKlantportaal(
            api_key=KEY, base_url=wire.base_url, transport=Reading(), max_body_size=10
        ) as portal:
            with pytest.raises(ContractError, match="larger than max_body_size"):
                list(portal.list_customers())


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (503, ServerError)])
def test_an_empty_body_needs_no_decompression(status: int, error: type[Exception]) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b""))

    with MijnKlantportaal(api_key=KEY, transport=httpx.MockTransport(respond), max_retries=0) as portal:
        with pytest.raises(error):
            list(portal.list_customers())


def test_a_transport_of_the_callers_is_closed_after_the_last_response() -> None:
    sent, released = threading.Semaphore(0), threading.Semaphore(0)

    def serve(request: httpx.Request) -> httpx.Response:
        sent.release()
        assert released.acquire(timeout=PATIENCE)
        return httpx.Response(200, json=page(1, ["a"], more=False))

    transport = Mine(serve)
    portal = MijnKlantportaal(api_key=KEY, base_url=BASE_URL, transport=transport)
    with ThreadPoolExecutor() as pool:
        calls = [pool.submit(list_customers.sync, client=portal.client) for _ in range(3)]
        assert all(sent.acquire(timeout=PATIENCE) for _ in calls)
        portal.close()
        released.release()
        next(as_completed(calls, PATIENCE)).result()
        assert transport.closed == 0
        released.release(2)
        assert all(call.result(PATIENCE) for call in calls)
    assert transport.closed >= 1  # two threads can both be the last


class CannotClose(httpx.MockTransport):
    def close(self) -> None:
        raise OSError

    async def aclose(self) -> None:
        raise OSError


def test_a_transport_that_cannot_be_closed_costs_no_response() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        portal.close()  # while the request is in flight
        return httpx.Response(200, json=page(1, ["a"], more=False))

    portal = MijnKlantportaal(api_key=KEY, base_url=BASE_URL, transport=CannotClose(serve))
    assert list_customers.sync(client=portal.client)


def test_a_transport_that_cannot_be_closed_costs_no_response_asynchronously() -> None:
    async def run() -> None:
        async def serve(request: httpx.Request) -> httpx.Response:
            await portal.aclose()  # while the request is in flight
            return httpx.Response(200, json=page(1, ["a"], more=False))

        portal = AsyncMijnKlantportaal(api_key=KEY, base_url=BASE_URL, transport=CannotClose(serve))
        assert await list_customers.asyncio(client=portal.client)

    asyncio.run(run())


def test_a_transport_of_the_callers_is_closed_after_the_last_response_asynchronously() -> None:
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
        await portal.aclose()
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
