"""An `enum` in an answer is opened: its values go into the description, a new value breaks no caller."""

from collections.abc import Iterator
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array, is_object
from tools.regenerate.walk import Place, operations, pointed_at, reference, shown, within

_KINDS: Final = {"str": "string", "bool": "boolean", "int": "integer", "float": "number", "NoneType": "null"}


def open_enums(document: Object, notes: Notes) -> None:
    """Open the enums of answers, and those that the generator does not take."""
    for place, schema in _of_answers(document):
        if "enum" in schema or "const" in schema:
            values = _opened(schema)
            notes.say("read", shown(place), f"the values {values} of an answer as those of today")
    for each in operations(document):
        for place, schema in _of_requests(document, each.node):
            if "enum" in schema and not _is_plain(schema["enum"]):
                told = _opened(schema)
                notes.say(
                    "read",
                    f"{each.name}: {shown(place)}",
                    f"the values {told} as any: they are of several types",
                )


def _opened(schema: Object) -> str:
    told = schema.pop("enum") if "enum" in schema else [schema["const"]]
    schema.pop("const", None)
    values = told if is_array(told) else [told]
    text = ", ".join(str(value) for value in values)
    description = schema.get("description")
    schema["description"] = f"{description.rstrip()} " if isinstance(description, str) and description else ""
    schema["description"] += f"One of: {text}."
    kinds = {_kind(value) for value in values}
    if "type" not in schema and kinds and "" not in kinds:
        schema["type"] = sorted(kinds) if len(kinds) > 1 else kinds.pop()
    if is_array(schema.get("type")) and "null" in schema["type"]:
        schema["type"] = [*(kind for kind in schema["type"] if kind != "null"), "null"]
    return text


def _kind(value: Json) -> str:
    return _KINDS.get(type(value).__name__, "")


def _is_plain(values: Json) -> bool:
    kinds = {_kind(value) for value in values if value is not None} if is_array(values) else set[str]()
    return kinds in ({"string"}, {"integer"})


def _of_answers(document: Object) -> Iterator[tuple[Place, Object]]:
    seen: set[str] = set()
    for each in operations(document):
        place = ("paths", each.path, each.method, "responses")
        for status, answer in each.node["responses"].items():
            content: Object = answer.get("content") or {}
            for media_type, media in content.items():
                yield from _within(document, media.get("schema"), (*place, status, media_type), seen)


def _of_requests(document: Object, operation: Object) -> Iterator[tuple[Place, Object]]:
    seen: set[str] = set()
    for parameter in operation.get("parameters", ()):
        yield from _within(document, parameter.get("schema"), ("parameters", parameter["name"]), seen)
    body: Json = operation.get("requestBody")
    content = body.get("content") if is_object(body) else None
    for media in content.values() if is_object(content) else ():
        yield from _within(document, media.get("schema"), ("requestBody",), seen)


def _within(document: Object, schema: Json, place: Place, seen: set[str]) -> Iterator[tuple[Place, Object]]:
    """The schemas in one, and in those that they refer to, each once."""
    for where, found in list(within(schema, place)):
        yield where, found
        target = reference(found)
        if target is not None and target not in seen:
            seen.add(target)
            led = pointed_at(document, target)
            yield from _within(document, led, tuple(target.removeprefix("#/").split("/")), seen)
