"""Checks whether a tool sees the requests of a peer, in the peer's environment; exits with 0 if it does.

python -P benchmarks/tool.py TOOL SCRIPT BASE_URL PAGE
"""

from __future__ import annotations

import asyncio
import importlib
import json
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

NOWHERE = "https://portal.invalid/v1"
TEST = """
import runpy
def test_it(httpx_mock):
    tool = runpy.run_path({tool!r})
    httpx_mock.add_response(json={page!r})
    assert tool["ids"]({script!r}, tool["NOWHERE"]) == [{page!r}["data"][0]["id"]]
"""


def ids(script: str, base_url: str) -> list[str]:
    """Returns the ids that the peer lists."""
    listing = runpy.run_path(script)["customers"](base_url, "key")
    if not hasattr(listing, "__aiter__"):
        return list(listing)

    async def taken() -> list[str]:
        return [each async for each in listing]

    return asyncio.run(taken())


def respx(script: str, _: str, page: dict[str, Any]) -> bool:
    """Responds instead of the API."""
    import httpx  # noqa: PLC0415 - in the peer's environment
    import respx  # noqa: PLC0415

    with respx.mock(base_url=NOWHERE) as router:
        router.get("/customers").mock(return_value=httpx.Response(200, json=page))
        return ids(script, NOWHERE) == [page["data"][0]["id"]]


def pytest_httpx(script: str, _: str, page: dict[str, Any]) -> bool:
    """Responds instead of the API, in a test."""
    import pytest  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_it.py")
        test.write_text(TEST.format(tool=__file__, script=script, page=page), encoding="utf-8")
        return pytest.main(["-q", "-p", "no:cacheprovider", str(test)]) == 0


def vcrpy(script: str, base_url: str, _: dict[str, Any]) -> bool:
    """Records the responses of the API."""
    vcr = importlib.import_module("vcr")

    with tempfile.TemporaryDirectory() as folder, vcr.use_cassette(str(Path(folder, "it.yaml"))) as cassette:
        ids(script, base_url)
        return len(cassette) > 0


def opentelemetry(script: str, base_url: str, _: dict[str, Any]) -> bool:
    """Creates a span for each request, with the instrumentation of the HTTP library that is installed."""
    trace = importlib.import_module("opentelemetry.sdk.trace")
    export = importlib.import_module("opentelemetry.sdk.trace.export")
    memory = importlib.import_module("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    exporter = memory.InMemorySpanExporter()
    provider = trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    for module, name in [
        ("httpx", "HTTPXClientInstrumentor"),
        ("requests", "RequestsInstrumentor"),
        ("urllib3", "URLLib3Instrumentor"),
        ("aiohttp_client", "AioHttpClientInstrumentor"),
    ]:
        try:
            instrumentation = importlib.import_module(f"opentelemetry.instrumentation.{module}")
        except ImportError:
            continue
        getattr(instrumentation, name)().instrument(tracer_provider=provider)
    ids(script, base_url)
    return len(exporter.get_finished_spans()) > 0


TOOLS = {"respx": respx, "pytest-httpx": pytest_httpx, "vcrpy": vcrpy, "OpenTelemetry": opentelemetry}

if __name__ == "__main__":
    _, tool, script, base_url, page = sys.argv
    sys.exit(0 if TOOLS[tool](script, base_url, json.loads(page)) else 1)
