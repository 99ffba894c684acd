"""The schemas of a document: references, composition, and the id prefixes that they show."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeGuard
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]

# Ids have a prefix of three letters per resource; descriptions name it ("starts with `cst_`") and examples
# show it. (An example such as `tr_123abc` is the id of another system.)
_NAMED_PREFIX = re.compile(r"with `([a-z]{3}_)`")
_ID = re.compile(r"([a-z]{3}_)_?(?=[a-z]*\d)[a-z0-9]+")
# A key that looks otherwise can be data, such as an address.
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,49}")


class Place(NamedTuple):
    """A place in a JSON value, and what the schemas say of it."""

    keys: tuple[str | int, ...]
    path: str
    """Such as `$.data[*].phone`; keys that can be data are not shown."""
    value: Json
    schemas: list[Object]
    fields: dict[str, list[Json]]
    """The schemas of each documented field."""
    others: list[Json]
    """The schemas of fields that are not documented by name."""


class Schemas:
    """The schemas of an OpenAPI 3.1 document.

    Args:
        contents: The document, parsed.
    """

    def __init__(self, contents: Object) -> None:
        self.contents = contents

    def parts(self, schemas: Iterable[Json]) -> Iterator[Object]:
        """Yields the schemas, and all schemas that they are composed of, including alternatives."""
        seen: set[int] = set()
        left: list[Json] = [*schemas]
        while left:
            schema = left.pop(0)
            if is_object(schema) and id(schema) not in seen:
                seen.add(id(schema))
                yield schema
                referred = [self.resolve(schema["$ref"])] if "$ref" in schema else []
                composed = (schema.get(keyword, ()) for keyword in ("allOf", "anyOf", "oneOf"))
                left[:0] = [*referred, *chain.from_iterable(composed)]

    def follow(self, node: Json) -> Json:
        """Returns the node, or the target of its reference."""
        while is_object(node) and "$ref" in node:
            node = self.resolve(node["$ref"])
        return node

    def resolve(self, reference: str) -> Json:
        """Returns the target of a reference such as `#/components/schemas/Customer`."""
        node: Json = self.contents
        for step in unquote(reference).split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if is_array(node) else node[key]
        return node

    def prefixes(self, schema: Json) -> tuple[str, ...]:
        """Returns the prefixes of the ids that a schema describes; empty if it does not describe ids."""
        found: list[str] = []
        for part in self.parts([schema]):
            found += _NAMED_PREFIX.findall(str(part.get("description", "")))
            examples = [part.get("example"), *(part.get("examples") or ())]
            found += [match[1] for each in examples if (match := _ID.fullmatch(str(each)))]
        return tuple(dict.fromkeys(found))

    def fields(self, schema: Json) -> dict[str, Json]:
        """Returns the documented properties of a schema, in the order of the document."""
        return {name: schemas[0] for name, schemas in self.properties([schema]).items()}

    def properties(self, schemas: Iterable[Json]) -> dict[str, list[Json]]:
        """Returns the schemas of each documented property of schemas and of their parts."""
        found: dict[str, list[Json]] = {}
        for part in self.parts(schemas):
            for name, schema in part.get("properties", {}).items():
                found.setdefault(name, []).append(schema)
        return found

    def walk(
        self, value: Json, schemas: Iterable[Json], keys: tuple[str | int, ...] = (), path: str = "$"
    ) -> Iterator[Place]:
        """Yields every place in a value that these schemas describe."""
        parts = list(self.parts(schemas))
        fields = self.properties(parts)
        others = [each for part in parts if is_object(each := part.get("additionalProperties"))]
        yield Place(keys, path, value, parts, fields, others)
        if is_object(value):
            for name, child in value.items():
                if name in fields:
                    yield from self.walk(child, fields[name], (*keys, name), path + step(name))
                elif others:
                    yield from self.walk(child, others, (*keys, name), f"{path}.*")
        elif is_array(value):
            items = [part["items"] for part in parts if "items" in part]
            for index, item in enumerate(value):
                yield from self.walk(item, items, (*keys, index), f"{path}[*]")


def step(name: str) -> str:
    """Returns the step of a path to a field; hides a key that can be data."""
    return f".{name}" if _FIELD_NAME.fullmatch(name) else "['…']"


def is_object(node: Json) -> TypeGuard[Object]:
    """Returns whether a node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    """Returns whether a node is a JSON array."""
    return isinstance(node, list)
