"""schemathesis checks that every successful response conforms to the document, shipped or whole."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Edit
from tests.sandbox.helpers import client_of, ids_in, readable

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[2] / "generated" / "mijnklantportaal_api" / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,  # with a key and below the limit: the document knows 200 only
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    positive_data_acceptance,
]


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", f"contacted {address}"
        connect(self, address)

    def no_lookup(host: Any, *args: Any, **options: Any) -> Any:
        assert host == "127.0.0.1", f"looked up {host}"
        return lookup(host, *args, **options)

    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(customers=40, limit=None) as sandbox:
        yield sandbox


@pytest.mark.parametrize(("name", "examples"), [("shipped", 60), ("whole", 3)])
def test_responses_conform_to_the_document(name: str, examples: int, whole: Path) -> None:
    path = DOCUMENT if name == "shipped" else whole
    document = json.loads(path.read_text())
    with Sandbox(document=path, limit=None) as sandbox, client_of(sandbox) as client:
        document["servers"] = [{"url": sandbox.base_url}]
        schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config())
        schema.config.update(base_url=sandbox.base_url)  # of `servers` it takes the path only
        assert schema.get_base_url() == sandbox.base_url
        load_all_checks()
        for template in readable(document):
            ids = ids_in(template, sandbox, client)
            asked = len(sandbox.requests)
            draw_and_check(schema[template]["GET"], ids, sandbox.api_key, examples)
            assert {request.status for request in sandbox.requests[asked:]} == {200}
        assert len({request.page for request in sandbox.requests}) > 2


def draw_and_check(operation: Any, ids: dict[str, str], api_key: str, examples: int) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case[Any]) -> None:
        case.path_parameters = dict(ids)
        case.call_and_validate(headers={"Authorization": f"Bearer {api_key}"}, checks=CHECKS)

    check()


def test_the_server_of_the_document_cannot_be_reached() -> None:
    with pytest.raises(AssertionError, match=r"looked up api\.mijnklantportaal\.nl"):
        socket.create_connection(("api.mijnklantportaal.nl", 443))
    with socket.socket() as any_socket, pytest.raises(AssertionError, match="contacted"):
        any_socket.connect(("192.0.2.1", 443))


@pytest.mark.parametrize("page", ["", "?page=1", "?page=3", "?page=4", "?page=9223372036854775807"])
def test_edge_cases_conform_to_the_document(sandbox: Sandbox, page: str) -> None:
    operation = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text()))["/customers"]["GET"]
    with client_of(sandbox) as client:
        for customers in (40, 0, 15):
            sandbox.reset(customers=customers)
            operation.validate_response(client.get(f"/customers{page}"))


@pytest.mark.customers
@pytest.mark.parametrize(
    "changed",
    [
        {"data": None},
        {"data": [{"companyName": "no id"}]},
        {"data": [{"id": "cst_1", "createdAt": "gisteren"}]},
        {"from": "1"},
    ],
)
def test_an_invalid_response_fails_the_check(sandbox: Sandbox, changed: dict[str, Any]) -> None:
    operation = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text()))["/customers"]["GET"]
    sandbox.reset(faults={1: Edit(lambda page: page | changed)})
    with client_of(sandbox) as client, pytest.raises(JsonSchemaError):
        operation.validate_response(client.get("/customers"))
