"""Real tools for httpx: each sees the requests of a portal, sync and async."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
import respx
import vcr  # type: ignore[import-untyped]
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal, ServerError
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Status, by_page
from mijnklantportaal.testing import no_waits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_httpx import HTTPXMock

KEY = "key-that-no-tool-may-show"
URL = "https://portal.example/v1"
PAGE = {"current_page": 1, "data": [{"id": "cst_1"}], "next_page_url": None}


def sync_ids(base_url: str = URL) -> list[str]:
    with MijnKlantportaal(api_key=KEY, base_url=base_url, concurrency=1) as portal:
        return [customer.id for customer in portal.list_customers()]


def async_ids(base_url: str = URL) -> list[str]:
    async def ids() -> list[str]:
        async with AsyncMijnKlantportaal(api_key=KEY, base_url=base_url, concurrency=1) as portal:
            return [customer.id async for customer in portal.list_customers()]

    return asyncio.run(ids())


pytestmark = pytest.mark.parametrize("ids", [sync_ids, async_ids])


@pytest.fixture(autouse=True)
def without_waits() -> Iterator[None]:
    with no_waits():
        yield


def test_respx_answers_and_the_portal_retries(ids: Callable[..., list[str]]) -> None:
    with respx.mock(base_url=URL) as router:
        route = router.get("/customers", params={"page": 1})
        route.mock(side_effect=[httpx.Response(503), httpx.Response(200, json=PAGE)])
        assert ids() == ["cst_1"]
    assert route.call_count == 2


def test_pytest_httpx_answers_and_errors_are_typed(
    ids: Callable[..., list[str]], httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=f"{URL}/customers?page=1", json=PAGE)
    assert ids() == ["cst_1"]
    httpx_mock.add_response(status_code=501)
    with pytest.raises(ServerError, match="501"):
        ids()
    assert len(httpx_mock.get_requests()) == 2


def test_vcr_replays_what_it_recorded_and_keeps_no_key(ids: Callable[..., list[str]], tmp_path: Path) -> None:
    cassette = tmp_path / "customers.yaml"
    recorder = vcr.VCR(filter_headers=["Authorization"])
    with Sandbox(customers=20, api_key=KEY) as sandbox:
        with recorder.use_cassette(cassette):
            recorded = ids(sandbox.base_url)
        url, expected = sandbox.base_url, sandbox.ids()
    assert recorded == expected
    with recorder.use_cassette(cassette, record_mode="none"):
        assert ids(url) == recorded
    assert KEY not in cassette.read_text(encoding="utf-8")


def test_opentelemetry_has_a_span_for_each_attempt_and_none_holds_the_key(
    ids: Callable[..., list[str]],
) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        faults = by_page({1: [Status(503)]})
        with (
            Sandbox(customers=20, api_key=KEY, faults=faults) as sandbox,
            provider.get_tracer("test").start_as_current_span("caller") as caller,
        ):
            assert ids(sandbox.base_url) == sandbox.ids()
    finally:
        instrumentor.uninstrument()
    spans = [span for span in exporter.get_finished_spans() if span.name != "caller"]
    attributes = [dict(span.attributes or {}) for span in spans]
    assert [each.get("http.status_code") for each in attributes] == [503, 200, 200]
    assert {span.parent.span_id for span in spans if span.parent} == {caller.get_span_context().span_id}
    assert KEY not in "".join(span.to_json() for span in spans)
