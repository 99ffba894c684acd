"""Enums in responses are opened: their values move to the description, so a new value breaks no caller."""

from collections.abc import Iterator
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array
from tools.regenerate.walk import Place, operations, reference, resolve, schemas, shown, within

_KINDS: Final = {"str": "string", "bool": "boolean", "int": "integer", "float": "number", "NoneType": "null"}


def open_enums(document: Object, notes: Notes) -> None:
    """Open the enums in responses, and any enum that the generator does not support."""
    seen: set[str] = set()
    for each in operations(document):
        place = ("paths", each.path, each.method, "responses")
        for where, schema in _reachable(document, each.node["responses"], place, seen):
            if "enum" in schema or "const" in schema:
                values = _opened(schema)
                notes.add("adjusted", shown(where), f"enum ({values}) opened: new values may appear")
    for where, schema in schemas(document):
        if "enum" in schema and _kinds(schema["enum"]) - {"null"} not in ({"string"}, {"integer"}):
            values = _opened(schema)
            notes.add("adjusted", shown(where), f"enum ({values}) opened: its values are of mixed types")


def _opened(schema: Object) -> str:
    values: Json = schema.pop("enum") if "enum" in schema else [schema["const"]]
    schema.pop("const", None)
    values = values if is_array(values) else [values]
    text = ", ".join(map(str, values))
    description = schema.get("description")
    before = f"{description.rstrip()} " if isinstance(description, str) and description else ""
    schema["description"] = f"{before}One of: {text}."
    kinds = sorted(_kinds(values), key=lambda kind: (kind == "null", kind))
    if "type" not in schema and kinds and "" not in kinds:
        schema["type"] = kinds if len(kinds) > 1 else kinds[0]
    return text


def _kinds(values: Json) -> set[str]:
    return {_KINDS.get(type(value).__name__, "") for value in values} if is_array(values) else set()


def _reachable(
    document: Object, responses: Object, place: Place, seen: set[str]
) -> Iterator[tuple[Place, Object]]:
    """Yield the schemas in responses and those that they refer to, each once."""
    left = list(within(responses, place, is_schema=False))
    for where, schema in left:
        yield where, schema
        target = reference(schema)
        if target is not None and target not in seen:
            seen.add(target)
            left += within(resolve(document, target), tuple(target.removeprefix("#/").split("/")))
