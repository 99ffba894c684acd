"""Finds things in an OpenAPI document: operations, schemas, the target of a reference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tools.regenerate.tree import Json, Object, child, is_array, is_object

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
NAMED: Final = "#/components/schemas/"
Place = tuple[str, ...]

# Keywords of a schema whose value is a schema or a list of schemas, or a mapping to schemas.
_SCHEMAS: Final = frozenset([
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    "allOf", "anyOf", "oneOf", "prefixItems",
])  # fmt: skip
_MAPPINGS: Final = frozenset(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"])
# Keywords of other nodes that hold data.
DATA: Final = frozenset(["example", "examples", "links"])


@dataclass(frozen=True)
class Operation:
    """One operation of the document: its node, and the path item that holds it."""

    path: str
    method: str
    item: Object
    node: Object

    @property
    def name(self) -> str:
        """The operation's name for the user: `GET /customers/{customerId}`."""
        return f"{self.method.upper()} {self.path}"

    def is_(self, method: str, path: str) -> bool:
        """Return whether this is the operation with that method and path."""
        return (self.method.upper(), self.path.rstrip("/")) == (method, path)


def operations(document: Object) -> list[Operation]:
    """Return the operations, in document order."""
    return [
        Operation(path, method, item, item[method])
        for path, item in child(document, "paths").items()
        if is_object(item) and not path.startswith("x-")
        for method in METHODS
        if is_object(item.get(method))
    ]


def leave_out(document: Object, path: str, method: str) -> None:
    """Remove an operation, and its path item if that has no other."""
    item = document["paths"][path]
    del item[method]
    if not any(method in item for method in METHODS):
        del document["paths"][path]


def shown(place: Place) -> str:
    """Format a place for the user: `Customer.phone`, `GET /customers: responses/200.data[]`."""
    match place:
        case ("components", "schemas", name, *rest):
            head, separator = name, ""
        case ("paths", path, method, *rest) if method in METHODS:
            head, separator = f"{method.upper()} {path}", ": "
        case ("paths", path, *rest):
            head, separator = path, ": "
        case _:
            head, separator, rest = "#/", "", list(place)
    steps = "/".join(rest)
    steps = re.sub(r"/content/[^/]+/[^/]+/schema\b|(?:^|/)(?:properties/([^/]+)|(items)\b)", _short, steps)
    return head + (separator + steps if steps else "")


def _short(step: re.Match[str]) -> str:
    return f".{step[1]}" if step[1] else "[]" if step[2] else ""


def named_schemas(document: Object) -> Object:
    """Return the schemas of the document's components, by name."""
    return child(child(document, "components"), "schemas")


def types(schema: Json) -> list[str]:
    """Return the types that a schema names."""
    found = schema.get("type") if is_object(schema) else None
    return [str(kind) for kind in found] if is_array(found) else [str(found)] if found else []


def schemas(document: Object) -> Iterator[tuple[Place, Object]]:
    """Yield each schema with its place: the named ones first, and nested ones before their parents."""
    for name, schema in list(named_schemas(document).items()):
        yield from within(schema, ("components", "schemas", name))
    rest = {key: value for key, value in child(document, "components").items() if key != "schemas"}
    yield from within(document | {"components": rest}, (), is_schema=False)


def within(node: Json, place: Place, *, is_schema: bool = True) -> Iterator[tuple[Place, Object]]:
    """Yield the schemas in a schema, itself included, or in another node of a document."""
    if is_array(node):
        for index, item in enumerate(node):
            yield from within(item, (*place, str(index)), is_schema=is_schema)
    if not is_object(node):
        return
    for key, value in list(node.items()):
        if is_schema and key in _MAPPINGS:
            for name, part in list(child(node, key).items()):
                yield from within(part, (*place, key, name))
        elif key in _SCHEMAS if is_schema else key == "schema":
            yield from within(value, (*place, key))
        elif not is_schema and key not in DATA and not key.startswith("x-"):
            yield from within(value, (*place, key), is_schema=False)
    if is_schema:
        yield place, node


def reference(node: Json) -> str | None:
    """Return the target of a node that is a reference."""
    found = node.get("$ref") if is_object(node) else None
    return found if isinstance(found, str) else None


def resolve(document: Object, target: str) -> Json:
    """Return the node at a reference's target; `None` if there is none in this document."""
    if not target.startswith("#/"):
        return None
    node: Json = document
    for part in unquote(target[2:]).split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if is_object(node):
            node = node.get(key)
        elif is_array(node) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node


def followed(document: Object, node: Json) -> Json:
    """Follow references to the end; `None` for an unresolvable reference or a reference cycle."""
    seen: set[str] = set()
    while (target := reference(node)) is not None:
        if target in seen:
            return None
        seen.add(target)
        node = resolve(document, target)
    return node
