"""The client parses every response that the document allows, and sends only requests that it allows."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mijnklantportaal.contract.check import Check
from mijnklantportaal.document import Document, Operation
from tests.contract.drawn import drawn, meaning
from tests.generated import WHOLE, generated_whole
from tools.regenerate.generate import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ID = st.from_regex(r"[a-z]{3}_[a-z0-9]{1,9}", fullmatch=True)
EXAMPLES = 150  # in all, shared by the operations of a document


class Client:
    """A generated package, and the document that it was generated from."""

    def __init__(self, package: str) -> None:
        module = importlib.import_module(package)
        assert module.__file__ is not None
        self.document = Document(json.loads((Path(module.__file__).parent / "openapi.json").read_bytes()))
        self.readers = [each for each in self.document.operations if each.method == "GET"]
        api = importlib.import_module(f"{package}.api")
        self._make = importlib.import_module(f"{package}.client").Client
        self._modules = {
            name.rpartition(".")[2].replace("_", ""): name
            for _, name, is_package in pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
            if not is_package
        }

    def get(self, operation: Operation, handler: Any, parameters: dict[str, Any]) -> Any:
        """Call the generated operation; `handler` answers its request."""
        module = importlib.import_module(self._modules[re.sub(r"[\W_]", "", operation.id).lower()])
        client = self._make(
            base_url="https://api.example.nl/v1", httpx_args={"transport": httpx.MockTransport(handler)}
        )
        return module.sync_detailed(client=client, **parameters).parsed

    def thorough(self) -> settings:
        return settings(
            max_examples=max(5, EXAMPLES // len(self.readers)),
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # to shrink what fails takes minutes
            suppress_health_check=list(HealthCheck),
        )


@pytest.fixture(scope="module", params=["committed", "whole"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    if request.param == "committed":
        yield Client(PACKAGE)
        return
    folder = str(generated_whole(tmp_path_factory))
    sys.path.insert(0, folder)
    yield Client(WHOLE)
    sys.path.remove(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == WHOLE]:
        del sys.modules[name]


def test_every_valid_response_is_parsed_without_loss(client: Client) -> None:
    for operation in client.readers:
        if "application/json" in (client.document.content(operation) or {}):
            check_reading(client, operation)


def test_every_request_is_valid(client: Client) -> None:
    for operation in client.readers:
        check_asking(client, operation)


def check_reading(client: Client, operation: Operation) -> None:
    parameters = pythonic(
        {
            each.name: "x"
            for each in (*operation.path_parameters, *operation.query_parameters)
            if each.required
        }
    )

    @given(answer=drawn(client.document.response_schema(operation), client.document))
    @client.thorough()
    def check(answer: Any) -> None:
        judged = Check(str(operation), document=client.document)
        headers = {"Content-Type": "application/json"}
        judged.add_response(httpx.Response(200, headers=headers, content=json.dumps(answer)))
        assert not [each for each in judged.findings() if each.severity == "breach"], "drawn wrongly"
        read = client.get(operation, lambda request: httpx.Response(200, json=answer), parameters)
        assert meaning(written(read)) == meaning(answer)

    check()


def check_asking(client: Client, operation: Operation) -> None:
    raw = client.document.contents["paths"][operation.path]
    declared = [
        client.document.follow(each)
        for each in (*raw.get("parameters", []), *raw["get"].get("parameters", []))
    ]
    queries = {
        each["name"]: drawn(each["schema"], client.document) for each in declared if each["in"] == "query"
    }
    needed = {each.name for each in operation.query_parameters if each.required}

    @given(
        parameters=st.fixed_dictionaries(
            {each.name: ID for each in operation.path_parameters}
            | {name: each for name, each in queries.items() if name in needed},
            optional={name: each for name, each in queries.items() if name not in needed},
        )
    )
    @client.thorough()
    def check(parameters: dict[str, Any]) -> None:
        sent: list[httpx.Request] = []

        def handler(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return httpx.Response(204)

        client.get(operation, handler, pythonic(parameters))
        (request,) = sent
        assert str(client.document.operation(request.method, request.url.path)) == str(operation)
        assert request.url.path == "/v1" + operation.path.format(**parameters)
        asked = {name: str(value) for name, value in parameters.items() if name in queries}
        assert sorted(request.url.params.multi_items()) == sorted(asked.items())
        assert request.content == b""

    check()


def written(read: Any) -> Any:
    """What the client has read, as JSON again."""
    if isinstance(read, list):
        return [written(each) for each in read]
    return read.to_dict() if hasattr(read, "to_dict") else read


def pythonic(parameters: dict[str, Any]) -> dict[str, Any]:
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value for name, value in parameters.items()}
