"""The schemas of a document: references, composition, and the id prefixes that they show."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]

# Ids have a prefix of three letters per resource; descriptions name it ("starts with `cst_`") and examples
# show it. (An example such as `tr_123abc` is the id of another system.)
_NAMED_PREFIX = re.compile(r"with `([a-z]{3}_)`")
_ID = re.compile(r"([a-z]{3}_)_?(?=[a-z]*\d)[a-z0-9]+")


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


def is_object(node: Json) -> TypeGuard[Object]:
    """Returns whether a node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    """Returns whether a node is a JSON array."""
    return isinstance(node, list)
