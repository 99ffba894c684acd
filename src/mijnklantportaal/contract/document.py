"""The document that the generated package carries: which operation, which answer, which schema."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, TypeGuard

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]

_URI = "urn:mijnklantportaal:openapi"
# Named one by one, so that what is checked does not depend on what else is installed.
_FORMATS = FormatChecker(["date", "date-time"])


class Document:
    """An OpenAPI 3.1 document.

    Args:
        contents: The document, parsed.
    """

    def __init__(self, contents: Object) -> None:
        contents = _absolute(contents)
        self._paths: Object = contents["paths"]
        resource = DRAFT202012.create_resource(contents)
        self._registry = Registry[Json]().with_resource(_URI, resource)
        self._resolver = self._registry.resolver(_URI)

    def operation(self, method: str, path: str) -> str:
        """Name the operation that a request is of, such as `GET /customers`.

        Args:
            method: The HTTP method.
            path: The request's path; what stands in front (`/v1`) does not matter.

        Raises:
            ValueError: The document has none.
        """
        found = [
            template
            for template, item in self._paths.items()
            if method.lower() in item and re.fullmatch(f".*{_pattern(template)}", path)
        ]
        if not found:
            raise ValueError(f"the document has no operation {method.upper()} {path}")
        # `/payment-links/1/payments` is no `/payments`, and `/customers/me` no `/customers/{id}`.
        return f"{method.upper()} {max(found, key=lambda each: (each.count('/'), -each.count('{')))}"

    def content(self, operation: str, status: int) -> dict[str, Json] | None:
        """What the document says an answer with this status holds: its schema by media type.

        Returns:
            `None` where the status is not documented; an empty mapping where the answer has no body.
        """
        method, _, path = operation.partition(" ")
        responses = self.follow(self._paths[path][method.lower()])["responses"]
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                content = self.follow(responses[key]).get("content", {})
                return {name.lower(): media.get("schema", True) for name, media in content.items()}
        return None

    def follow(self, node: Json) -> Json:
        """The node itself, or what its reference leads to."""
        while is_object(node) and node.keys() == {"$ref"}:
            node = self._resolver.lookup(node["$ref"]).contents
        return node

    def errors(self, body: Json, schema: Json) -> Iterator[ValidationError]:
        """Yield what a schema of this document finds wrong with a body."""
        validator: Any = Draft202012Validator(schema, registry=self._registry, format_checker=_FORMATS)
        yield from validator.iter_errors(body)

    def parts(self, schemas: Iterable[Json]) -> Iterator[Object]:
        """Yield the schemas themselves and all that they are put together from, alternatives included."""
        seen: set[int] = set()
        left: list[Json] = list(schemas)
        while left:
            schema = left.pop()
            if not is_object(schema) or id(schema) in seen:
                continue
            seen.add(id(schema))
            yield schema
            if "$ref" in schema:
                left.append(self._resolver.lookup(schema["$ref"]).contents)
            for keyword in ("allOf", "anyOf", "oneOf"):
                left += schema.get(keyword, [])


def is_object(node: Json) -> TypeGuard[Object]:
    """Tell whether a node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    """Tell whether a node is a JSON array."""
    return isinstance(node, list)


@cache
def shipped() -> Document:
    """The document that the generated package carries."""
    return Document(json.loads(files("mijnklantportaal_api").joinpath("openapi.json").read_bytes()))


def _absolute(node: Json) -> Json:
    """Have each reference name the document, so that every schema can be used on its own."""
    if is_array(node):
        return [_absolute(item) for item in node]
    if not is_object(node):
        return node
    return {
        key: _URI + value if key == "$ref" and str(value).startswith("#") else _absolute(value)
        for key, value in node.items()
    }


def _pattern(template: str) -> str:
    return "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", template)
    )
