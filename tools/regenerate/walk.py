"""Finds things in an OpenAPI document: operations, schemas, the target of a reference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tools.regenerate.tree import Json, Object, child, children, is_array, is_object

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
NAMED: Final = "#/components/schemas/"
Place = tuple[str, ...]

# Keywords of a schema whose value is a schema, a list of schemas, or a mapping to schemas.
_ONE: Final = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_LIST: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPPING: Final = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
# Keywords that hold data, not schemas.
_DATA: Final = frozenset(["example", "examples", "default", "enum", "const", "links", "mapping"])


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


def operations(document: Object) -> Iterator[Operation]:
    """Yield each operation, in document order."""
    for path, item in list(child(document, "paths").items()):
        if is_object(item) and not path.startswith("x-"):
            for method in METHODS:
                if is_object(item.get(method)):
                    yield Operation(path, method, item, item[method])


def leave_out(document: Object, path: str, method: str) -> None:
    """Remove an operation, and its path item if that has no other."""
    item = document["paths"][path]
    del item[method]
    if not any(method in item for method in METHODS):
        del document["paths"][path]


def shown(place: Place) -> str:
    """Format a place for the user: `GET /customers: responses/200`, or a JSON pointer."""
    if len(place) > 2 and place[0] == "paths" and place[2] in METHODS:
        rest = "/".join(place[3:])
        return f"{place[2].upper()} {place[1]}{': ' if rest else ''}{rest}"
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)


def named_schemas(document: Object) -> Object:
    """Return the schemas of the document's components, by name."""
    return child(child(document, "components"), "schemas")


def types(schema: Json) -> list[str]:
    """Return the types that a schema names."""
    found = schema.get("type") if is_object(schema) else None
    return [str(kind) for kind in found] if is_array(found) else [str(found)] if found else []


def schemas(document: Object) -> Iterator[tuple[Place, Object]]:
    """Yield each schema with its place; nested schemas come first."""
    for name, schema in list(named_schemas(document).items()):
        yield from within(schema, ("components", "schemas", name))
    rest = {key: value for key, value in child(document, "components").items() if key != "schemas"}
    yield from _outside(document | {"components": rest}, ())


def within(schema: Json, place: Place) -> Iterator[tuple[Place, Object]]:
    """Yield a schema and those nested in it, the nested ones first."""
    if not is_object(schema):
        return
    for key in _ONE:
        yield from within(schema.get(key), (*place, key))
    for key in _LIST:
        for index, part in enumerate(children(schema, key)):
            yield from within(part, (*place, key, str(index)))
    for key in _MAPPING:
        for name, part in list(child(schema, key).items()):
            yield from within(part, (*place, key, name))
    yield place, schema


def _outside(node: Json, place: Place) -> Iterator[tuple[Place, Object]]:
    if is_array(node):
        for index, item in enumerate(node):
            yield from _outside(item, (*place, str(index)))
    elif is_object(node):
        for key, value in list(node.items()):
            if key == "schema":
                yield from within(value, (*place, key))
            elif key not in _DATA and not key.startswith("x-"):
                yield from _outside(value, (*place, key))


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
