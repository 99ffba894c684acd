"""Where things are in an OpenAPI document: operations, schemas, what a reference leads to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tools.regenerate.tree import Json, Object, is_array, is_object

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Place = tuple[str, ...]

# Keywords of a schema whose value is a schema, a list of them, or a mapping to them.
_ONE: Final = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_LIST: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED: Final = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
# Keywords that hold data, in which no schema is to be found.
_DATA: Final = frozenset(["example", "examples", "default", "enum", "const", "links", "mapping"])


@dataclass(frozen=True)
class Operation:
    """One operation of the document.

    Attributes:
        name: As a person calls it: `GET /customers/{customerId}`.
        item: The path item that it stands in.
        node: The operation itself.
    """

    path: str
    method: str
    item: Object
    node: Object

    @property
    def name(self) -> str:
        """Give the name that a person calls it by."""
        return f"{self.method.upper()} {self.path}"


def operations(document: Object) -> Iterator[Operation]:
    """Yield each operation, in the order of the document."""
    paths = document.get("paths")
    for path, item in list(paths.items()) if is_object(paths) else ():
        if is_object(item) and not path.startswith("x-"):
            for method in METHODS:
                if is_object(item.get(method)):
                    yield Operation(path, method, item, item[method])


def leave_out(document: Object, path: str, method: str) -> None:
    """Take an operation out of the document, and its path with the last one."""
    item = document["paths"][path]
    del item[method]
    if not any(method in item for method in METHODS):
        del document["paths"][path]


def shown(place: Place) -> str:
    """Write a place for a person: the operation, where it is in one, and the rest."""
    if len(place) > 2 and place[0] == "paths" and place[2] in METHODS:
        rest = "/".join(place[3:])
        return f"{place[2].upper()} {place[1]}{': ' if rest else ''}{rest}"
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)


def schemas(document: Object) -> Iterator[tuple[Place, Object]]:
    """Yield each schema with its place, the inner ones first."""
    components = document.get("components")
    if is_object(components) and is_object(named := components.get("schemas")):
        for name, schema in list(named.items()):
            yield from within(schema, ("components", "schemas", name))
    for key, child in list(document.items()):
        rest = (
            {k: v for k, v in child.items() if k != "schemas"}
            if key == "components" and is_object(child)
            else child
        )
        yield from _outside(rest, (key,))


def within(schema: Json, place: Place) -> Iterator[tuple[Place, Object]]:
    """Yield a schema and those in it, the inner ones first."""
    if not is_object(schema):
        return
    for key in _ONE:
        yield from within(schema.get(key), (*place, key))
    for key in _LIST:
        if is_array(parts := schema.get(key)):
            for index, part in enumerate(parts):
                yield from within(part, (*place, key, str(index)))
    for key in _NAMED:
        if is_object(named := schema.get(key)):
            for name, part in list(named.items()):
                yield from within(part, (*place, key, name))
    yield place, schema


def _outside(node: Json, place: Place) -> Iterator[tuple[Place, Object]]:
    if is_array(node):
        for index, child in enumerate(node):
            yield from _outside(child, (*place, str(index)))
    elif is_object(node):
        for key, child in list(node.items()):
            if key == "schema":
                yield from within(child, (*place, key))
            elif key not in _DATA and not key.startswith("x-"):
                yield from _outside(child, (*place, key))


def reference(node: Json) -> str | None:
    """Give what a node refers to, if it is a reference."""
    found = node.get("$ref") if is_object(node) else None
    return found if isinstance(found, str) else None


def pointed_at(document: Object, target: str) -> Json:
    """Give what a reference leads to; `None` for one that leads nowhere, or out of the document."""
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
    """Follow references until they end; `None` for those that lead nowhere or in a circle."""
    seen: set[str] = set()
    while (target := reference(node)) is not None:
        if target in seen:
            return None
        seen.add(target)
        node = pointed_at(document, target)
    return node
