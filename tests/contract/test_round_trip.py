"""The client reads whatever the document allows, and asks for nothing that it does not allow."""

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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mijnklantportaal.contract import Check
from mijnklantportaal.document import Document
from tests.contract.drawn import drawn, meaning
from tests.larger import generate_larger
from tools.regenerate.generate import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = st.from_regex(r"[a-z]{3}_[a-z0-9]{1,9}", fullmatch=True)
THOROUGH = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Client:
    """A generated package, and the document that it was generated from."""

    def __init__(self, package: str) -> None:
        module = importlib.import_module(package)
        assert module.__file__ is not None
        contents = json.loads((Path(module.__file__).parent / "openapi.json").read_bytes())
        self.paths: dict[str, Any] = contents["paths"]
        self.document = Document(contents)
        api = importlib.import_module(f"{package}.api")
        self._make = importlib.import_module(f"{package}.client").Client
        self._modules = {
            name.rpartition(".")[2].replace("_", ""): name
            for _, name, is_package in pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
            if not is_package
        }

    def readers(self) -> list[str]:
        return [path for path, item in self.paths.items() if "get" in item]

    def get(self, path: str, handler: Any, parameters: dict[str, Any]) -> Any:
        """Call the generated operation; `handler` answers its request."""
        name = re.sub(r"[\W_]", "", self.paths[path]["get"]["operationId"]).lower()
        client = self._make(
            base_url="https://api.example.nl/v1", httpx_args={"transport": httpx.MockTransport(handler)}
        )
        return importlib.import_module(self._modules[name]).sync(client=client, **parameters)


@pytest.fixture(scope="module", params=["committed", "larger"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    if request.param == "committed":
        yield Client(PACKAGE)
        return
    folder = str(generate_larger(tmp_path_factory.mktemp("larger")))
    sys.path.insert(0, folder)
    yield Client("larger_api")
    sys.path.remove(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "larger_api"]:
        del sys.modules[name]


def test_it_reads_whatever_the_document_allows_and_loses_nothing(client: Client) -> None:
    for path in client.readers():
        check_reading(client, path)


def test_it_asks_for_nothing_that_the_document_does_not_allow(client: Client) -> None:
    for path in client.readers():
        check_asking(client, path)


def check_reading(client: Client, path: str) -> None:
    follow = client.document.follow
    schema = client.document.answer(client.document.operation("GET", path))
    parameters = pythonic(dict.fromkeys(re.findall(r"\{(\w+)\}", path), "x"))

    @given(answer=drawn(schema, follow))
    @THOROUGH
    def check(answer: Any) -> None:
        judged = Check(f"GET {path}", document=client.document)
        judged.add_body(answer)
        assert not [each for each in judged.findings() if each.severity == "breach"], "drawn wrongly"
        read = client.get(path, lambda request: httpx.Response(200, json=answer), parameters)
        assert meaning(read.to_dict(), schema, follow) == meaning(answer, schema, follow)

    check()


def check_asking(client: Client, path: str) -> None:
    follow = client.document.follow
    item = client.paths[path]
    declared = [follow(each) for each in item.get("parameters", []) + item["get"].get("parameters", [])]
    queries = {each["name"]: drawn(each["schema"], follow) for each in declared if each["in"] == "query"}
    in_path = {each["name"]: ID for each in declared if each["in"] == "path"}

    @given(parameters=st.fixed_dictionaries(in_path, optional=queries))
    @THOROUGH
    def check(parameters: dict[str, Any]) -> None:
        sent: list[httpx.Request] = []

        def handler(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return httpx.Response(204)

        client.get(path, handler, pythonic(parameters))
        (request,) = sent
        assert str(client.document.operation(request.method, request.url.path)) == f"GET {path}"
        assert request.url.path == "/v1" + path.format(**parameters)
        asked = {name: str(value) for name, value in parameters.items() if name in queries}
        assert sorted(request.url.params.multi_items()) == sorted(asked.items())
        assert request.content == b""

    check()


def pythonic(parameters: dict[str, Any]) -> dict[str, Any]:
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value for name, value in parameters.items()}
