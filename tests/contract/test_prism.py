"""Prism, a third-party mock server, made from the effective document.

Prism knows only the document, so its pages do not depend on the requested page number: the client stops at
the second page, after it has delivered the items of the first.
"""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from mijnklantportaal import MijnKlantportaal, PaginationError
from mijnklantportaal.contract import Plan, check_portal, check_response
from mijnklantportaal.document import shipped
from tests.support import KEY
from tools.compare import node
from tools.regenerate.generate import PACKAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

DOCUMENT = ROOT / "generated" / PACKAGE / "openapi.json"


@contextmanager
def prism(log: Path, *options: str) -> Generator[str]:
    """Serve the document; gives the base URL."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [node.command("prism"), "mock", "--host=127.0.0.1", f"--port={port}", *options, str(DOCUMENT)]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=node.environment(), stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"prism does not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prism with the document's own examples."""
    with prism(tmp_path_factory.mktemp("static") / "log") as url:
        yield url


@pytest.fixture(scope="module")
def dynamic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prism with random answers that the schema allows."""
    with prism(tmp_path_factory.mktemp("dynamic") / "log", "--dynamic") as url:
        yield url


def test_the_client_lists_the_example_of_the_document(static: str) -> None:
    with MijnKlantportaal(api_key=KEY, base_url=static) as portal:
        (customer,) = portal.list_customers(max_items=1)
        assert customer.id.startswith("cst_")
        assert customer.created_at
        assert customer.additional_properties == {}


def test_a_repeated_page_is_an_error(static: str) -> None:
    delivered: list[str] = []
    with MijnKlantportaal(api_key=KEY, base_url=static) as portal:
        with pytest.raises(PaginationError) as caught:
            delivered.extend(customer.id for customer in portal.list_customers())
        assert (caught.value.page, len(delivered)) == (2, 1)
    with MijnKlantportaal(api_key=KEY, base_url=static) as portal:
        report = check_portal(portal, Plan(["customers"], pages=1))
        assert report.outcome == "ok"


@pytest.mark.parametrize("served", ["static", "dynamic"])
def test_the_client_parses_what_the_schema_allows(served: str, request: pytest.FixtureRequest) -> None:
    """Every operation that reads, with what the document shows or allows."""
    readers = [each for each in shipped().operations if each.method == "GET"]
    times = 1 if served == "static" else max(2, 30 // len(readers))
    url = request.getfixturevalue(served)
    with MijnKlantportaal(api_key=KEY, base_url=url) as portal:
        for operation in readers * times:
            ids = {each.name: "1" for each in operation.path_parameters}
            queries = {each.name: "1" for each in operation.query_parameters if each.required}
            answer = portal.client.get_httpx_client().get(operation.path.format(**ids), params=queries)
            assert [each for each in check_response(answer) if each.severity == "breach"] == []
            call = operation.module().sync_detailed
            assert call(*ids.values(), client=portal.client, **queries).status_code == 200


@pytest.mark.parametrize("served", ["static", "dynamic"])
def test_without_a_key_it_is_401(served: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(served)
    assert httpx.get(f"{url}/customers", trust_env=False).status_code == 401
    headers = {"Authorization": f"Bearer {KEY}"}
    assert httpx.get(f"{url}/customers", headers=headers, trust_env=False).status_code == 200


def test_prism_rejects_a_request_that_the_document_does_not_allow(static: str) -> None:
    # So that the tests above say something of what the client sends.
    headers = {"Authorization": f"Bearer {KEY}"}
    assert httpx.get(f"{static}/customers?page=x", headers=headers, trust_env=False).status_code == 422
