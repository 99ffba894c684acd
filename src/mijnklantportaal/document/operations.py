"""The operations of a document: paths, parameters, responses, and which of them are paginated lists."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from .schemas import Json, Object, Schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation, in its path or its query."""

    name: str
    required: bool
    prefixes: tuple[str, ...]
    """The prefixes of the ids that it accepts, such as `plk_`; empty if the document does not show any."""


@dataclass(frozen=True)
class Operation:
    """An operation of the API."""

    id: str
    """Its operationId, such as `list-customers`."""
    method: str
    """The HTTP method in upper case."""
    path: str
    """Its path, such as `/payment-links/{linkId}/payments`."""
    path_parameters: tuple[Parameter, ...]
    """In the order of the path."""
    query_parameters: tuple[Parameter, ...]
    paginated: bool
    """Whether it is a list that is read page by page."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def command(self) -> str:
        """Its name on the command line: `customer-invoices` for `list-customer-invoices`."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+", "-", self.id).strip("-").lower()
        return re.sub(r"^(list|get)-", "", words)

    def path_with(self, ids: Iterable[str]) -> str:
        """Returns its path with these ids instead of its parameters."""
        path = self.path
        for parameter, value in zip(self.path_parameters, ids, strict=True):
            # Dots are quoted as well, because httpx would resolve `..`.
            path = path.replace(f"{{{parameter.name}}}", quote(value, safe="").replace(".", "%2E"))
        return path

    def module(self) -> ModuleType:
        """Imports the generated module. Its `sync` and `asyncio` take the path parameters first, in order.

        Raises:
            LookupError: The generator could not generate this operation.
        """
        name = _modules().get(_letters(self.id))
        if name is None:
            raise LookupError(f"the generated client has no operation {self.id}")
        return importlib.import_module(name)


class Document(Schemas):
    """An OpenAPI 3.1 document.

    Args:
        contents: The document, parsed.
    """

    def __init__(self, contents: Object) -> None:
        super().__init__(contents)
        self._paths: Object = contents["paths"]

    @property
    def server(self) -> str:
        """The base URL that the document names."""
        return cast("str", self.contents["servers"][0]["url"])

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document."""
        return tuple(
            self._operation(path, method)
            for path, item in self._paths.items()
            for method in item
            if method in _METHODS
        )

    @property
    def lists(self) -> tuple[Operation, ...]:
        """The paginated lists, in the order of the document."""
        return tuple(operation for operation in self.operations if operation.paginated)

    def operation(self, method: str, path: str) -> Operation:
        """Returns the operation that a request calls.

        Args:
            method: The HTTP method.
            path: The request's path, with or without the server's (`/v1`).

        Raises:
            LookupError: The document has none.
        """
        found = [
            operation
            for operation in self.operations
            if operation.method == method.upper() and re.fullmatch(f".*{_pattern(operation.path)}", path)
        ]
        if not found:
            raise LookupError(f"the document has no operation {method.upper()} {path}")
        # `/payment-links/1/payments` is not `/payments`, and `/customers/me` is not `/customers/{id}`.
        return max(found, key=lambda each: (each.path.count("/"), -each.path.count("{")))

    def content(self, operation: Operation, status: int = 200) -> dict[str, Json] | None:
        """Returns the documented content of a response with this status: its schema by media type.

        Returns:
            `None` if the status is not documented; an empty dictionary if the response has no body.
        """
        responses = self._paths[operation.path][operation.method.lower()]["responses"]
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                return self._content(responses[key])
        return None

    def response_schema(self, operation: Operation) -> Json:
        """Returns the schema of a successful response's JSON body; `True` (anything) if there is none."""
        return self._response_schema(operation.path, operation.method.lower())

    def items(self, operation: Operation) -> Json:
        """Returns the schema of a list's items, paginated or not; `True` (anything) if there is none."""
        return self._listed(self.response_schema(operation))

    def _operation(self, path: str, method: str) -> Operation:
        item, raw = self._paths[path], self._paths[path][method]
        nodes = map(self.follow, (*item.get("parameters", ()), *raw.get("parameters", ())))
        declared: dict[tuple[str, str], Object] = {(node["in"], node["name"]): node for node in nodes}
        schema = self._response_schema(path, method)
        return Operation(
            id=raw.get("operationId") or f"{method}_{path}",
            method=method.upper(),
            path=path,
            path_parameters=tuple(
                self._parameter(declared.get(("path", name), {"name": name}), *self._ids(path, name))
                for name in re.findall(r"\{([^}]*)\}", path)
            ),
            query_parameters=tuple(
                self._parameter(node) for (place, _), node in declared.items() if place == "query"
            ),
            paginated=method == "get" and {"data", "next_page_url"} <= self.fields(schema).keys(),
        )

    def _parameter(self, node: Object, *ids: Json) -> Parameter:
        prefixes = (self.prefixes(each) for each in (node, node.get("schema", True), *ids))
        return Parameter(node["name"], node.get("required") is True, next(filter(None, prefixes), ()))

    def _ids(self, path: str, name: str) -> Iterator[Json]:
        """Yields the schemas of ids that fit a path parameter.

        They are those of the collection's items (`/customers` for `/customers/{customerId}`), of the item
        itself, and of items within its owner (`documents` of `/agreements/{agreementId}`).
        """
        collection = path.partition(f"/{{{name}}}")[0]
        owner, _, field = collection.rpartition("/")
        for schema in (
            self._listed(self._response_schema(collection)),
            self._response_schema(f"{collection}/{{{name}}}"),
            self._items_of(self.fields(self._response_schema(owner)).get(field, True)),
        ):
            yield self.fields(schema).get("id", True)

    def _listed(self, schema: Json) -> Json:
        return self._items_of(self.fields(schema).get("data", True))

    def _items_of(self, schema: Json) -> Json:
        return next((part["items"] for part in self.parts([schema]) if "items" in part), True)

    def _response_schema(self, path: str, method: str = "get") -> Json:
        responses: Object = self._paths.get(path, {}).get(method, {}).get("responses", {})
        successes = (response for status, response in responses.items() if status.startswith("2"))
        contents = (pair for response in successes for pair in self._content(response).items())
        return next((schema for media_type, schema in contents if media_type.endswith("json")), True)

    def _content(self, response: Json) -> dict[str, Json]:
        content: Object = self.follow(response).get("content", {})
        return {
            media_type.partition(";")[0].strip().lower(): media.get("schema", True)
            for media_type, media in content.items()
        }


@cache
def _modules() -> dict[str, str]:
    """Returns the names of the generated modules, without importing them."""
    api = importlib.import_module("mijnklantportaal_api.api")
    return {
        _letters(name): f"{api.__name__}.{tag}.{name}"
        for folder in api.__path__
        for _, tag, _ in pkgutil.iter_modules([folder])
        for _, name, _ in pkgutil.iter_modules([f"{folder}/{tag}"])
    }


def _letters(name: str) -> str:
    """Reduces a name to its letters and digits: in a module's name, case and punctuation differ."""
    return re.sub(r"[\W_]", "", name).lower()


def _pattern(template: str) -> str:
    return "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", template)))
