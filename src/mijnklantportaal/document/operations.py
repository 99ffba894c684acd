"""The operations of a document: paths, parameters, responses, and which of them are paginated lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from .modules import generated_module
from .schemas import Json, Object, Schemas, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation, in its path or its query.

    Attributes:
        name: Its name in the document, such as `linkId`.
        required: Whether it must be given.
        example: The document's example, if it has one.
        prefixes: What the ids that it takes begin with, such as `plk_`; empty where the document shows none.
    """

    name: str
    required: bool
    example: Json
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """An operation of the API.

    Attributes:
        id: Its operationId, such as `list-customers`.
        method: The HTTP method, such as `GET`.
        path: Its path, such as `/payment-links/{linkId}/payments`.
        tag: The group that it belongs to, such as `Customers API`.
        summary: What it does, in the document's words.
        path_parameters: In the order of the path.
        query_parameters: In the order of the document.
        paginated: Whether it is a list that is read page by page.
    """

    id: str
    method: str
    path: str
    tag: str
    summary: str
    path_parameters: tuple[Parameter, ...]
    query_parameters: tuple[Parameter, ...]
    paginated: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def command(self) -> str:
        """Its name on the command line: `customer-invoices` for `list-customer-invoices`."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+", "-", self.id).strip("-").lower()
        return re.sub(r"^(list|get)-", "", words)

    def module(self) -> ModuleType:
        """Imports the generated module, which has `sync` and `asyncio`; path parameters come first, in order.

        Raises:
            LookupError: The generator could not generate this operation.
        """
        return generated_module(self.id)


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
        """Every operation, in the order of the document."""
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
        """The operation that a request is of.

        Args:
            method: The HTTP method.
            path: The request's path; what stands in front (`/v1`) does not matter.

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
        # `/payment-links/1/payments` is no `/payments`, and `/customers/me` no `/customers/{id}`.
        return max(found, key=lambda each: (each.path.count("/"), -each.path.count("{")))

    def content(self, operation: Operation, status: int = 200) -> dict[str, Json] | None:
        """What the document says a response with this status holds: its schema by media type.

        Returns:
            `None` where the status is not documented; an empty mapping where the response has no body.
        """
        responses = self._paths[operation.path][operation.method.lower()]["responses"]
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                content = self.follow(responses[key]).get("content", {})
                return {_media_type(name): media.get("schema", True) for name, media in content.items()}
        return None

    def response_schema(self, operation: Operation) -> Json:
        """The schema of the JSON body of a successful response; `True` (anything) if there is none."""
        return self._response_schema(operation.path, operation.method.lower())

    def items(self, operation: Operation) -> Json:
        """The schema of the items of a list, paginated or not; `True` (anything) if there is none."""
        return self._items_in(self.response_schema(operation))

    def _operation(self, path: str, method: str) -> Operation:
        item, raw = self._paths[path], self._paths[path][method]
        declared: dict[tuple[str, str], Object] = {}
        for node in [*item.get("parameters", []), *raw.get("parameters", [])]:
            parameter = self.follow(node)
            declared[parameter["in"], parameter["name"]] = parameter
        return Operation(
            id=raw.get("operationId") or f"{method}_{path}",
            method=method.upper(),
            path=path,
            tag=next(iter(raw.get("tags", [])), "default"),
            summary=raw.get("summary", ""),
            path_parameters=tuple(
                self._parameter(name, declared.get(("path", name), {}), self._id_schemas(path, name))
                for name in re.findall(r"\{([^}]*)\}", path)
            ),
            query_parameters=tuple(
                self._parameter(name, parameter, [])
                for (where, name), parameter in declared.items()
                if where == "query"
            ),
            paginated=method == "get" and self._is_paginated(self._response_schema(path, method)),
        )

    def _parameter(self, name: str, declared: Object, ids: Iterable[Json]) -> Parameter:
        schema = declared.get("schema", True)
        example = declared.get("example")
        if example is None and is_object(schema):
            example = schema.get("example")
        prefixes = (self.prefixes(each) for each in (declared, schema, *ids))
        return Parameter(
            name=name,
            required=declared.get("required") is True,
            example=example,
            prefixes=next(filter(None, prefixes), ()),
        )

    def _id_schemas(self, path: str, name: str) -> Iterator[Json]:
        """The schemas of ids that fit a path parameter.

        Those of the collection's items (`/customers` for `/customers/{customerId}`), of the thing itself, and
        of the items within the thing that it belongs to (`documents` of `/agreements/{agreementId}`).
        """
        collection = path.partition(f"/{{{name}}}")[0]
        owner, _, property_ = collection.rpartition("/")
        within = self.fields(self._response_schema(owner)).get(property_, True)
        items = (
            self._items_in(self._response_schema(collection)),
            self._response_schema(f"{collection}/{{{name}}}"),
        )
        for schema in (*items, self._items_of(within)):
            yield self.fields(schema).get("id", True)

    def _is_paginated(self, schema: Json) -> bool:
        fields = self.fields(schema)
        return "next_page_url" in fields and "data" in fields

    def _items_in(self, schema: Json) -> Json:
        return self._items_of(self.fields(schema).get("data", True))

    def _items_of(self, schema: Json) -> Json:
        return next((part["items"] for part in self.parts([schema]) if "items" in part), True)

    def _response_schema(self, path: str, method: str = "get") -> Json:
        responses = self._paths.get(path, {}).get(method, {}).get("responses", {})
        for status, response in responses.items():
            if status.startswith("2"):
                for name, media in self.follow(response).get("content", {}).items():
                    if _media_type(name).endswith("json"):
                        return media.get("schema", True)
        return True


def _media_type(name: str) -> str:
    return name.partition(";")[0].strip().lower()


def _pattern(template: str) -> str:
    return "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", template)
    )
