"""Finds where a response differs from its schema; reports types and places, never a value."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from .schemas import Json, Object, is_array, is_object, step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .operations import Document

_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}
FORMATS = {"date-time": datetime.fromisoformat, "date": date.fromisoformat}
"""How the generated code parses strings with a format."""


class Mismatch(NamedTuple):
    """One difference between a response and its schema."""

    place: str
    """Where, such as `$.data[7].createdAt`."""
    expected: str
    """What the schema says, such as `a date-time`."""
    got: str
    """What was there instead, such as `null`."""
    fatal: bool = True
    """Whether the generated code fails on it. (It accepts a number for a string, for example.)"""


def first_mismatch(document: Document, method: str, path: str, content: bytes) -> Mismatch | None:
    """Finds where the response to a request differs from the document: the first fatal place, if any.

    Args:
        document: The document.
        method: The request's method.
        path: The request's path.
        content: The response's body.

    Returns:
        `None` if there is no difference.
    """
    try:
        schema = document.response_schema(document.operation(method, path))
        found = list(_mismatches(document, schema, json.loads(content), "$"))
    except (LookupError, ValueError, RecursionError):
        return None
    return min(found, key=lambda mismatch: not mismatch.fatal, default=None)


def type_name(value: Json) -> str:
    """Returns the name of a value's JSON type."""
    return _TYPES[type(value)]


def with_article(kind: str) -> str:
    """Returns the name of a type in a sentence: `an object`, `null`."""
    if kind == "null":
        return kind
    return f"an {kind}" if kind[0] in "aio" else f"a {kind}"


def _mismatches(document: Document, schema: Json, value: Json, place: str) -> Iterator[Mismatch]:
    schema = document.follow(schema)
    if not is_object(schema):
        return
    for part in schema.get("allOf", ()):
        yield from _mismatches(document, part, value, place)
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    alternatives = [list(_mismatches(document, each, value, place)) for each in choices]
    if alternatives and all(alternatives):  # the one that goes furthest was meant
        yield from max(alternatives, key=lambda found: len(found[0].place))
    if (wrong := _wrong_type(schema, value, place)) is not None:
        yield wrong
    elif is_object(value):
        properties: Object = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                expected = _expected(document.follow(properties.get(name, True)))
                yield Mismatch(place + step(name), expected, "nothing")
        for name in properties:
            if name in value:
                yield from _mismatches(document, properties[name], value[name], place + step(name))
    elif is_array(value):
        for index, item in enumerate(value):
            yield from _mismatches(document, schema.get("items", True), item, f"{place}[{index}]")


def _wrong_type(schema: Object, value: Json, place: str) -> Mismatch | None:
    types = _types(schema)
    got, form = type_name(value), schema.get("format", "")
    if types and got not in types and not (got == "integer" and "number" in types):
        fatal = form in FORMATS or not {"object", "array"}.isdisjoint(types)
        return Mismatch(place, _expected(schema), with_article(got), fatal)
    if isinstance(value, str) and form in FORMATS:
        try:
            FORMATS[form](value)
        except ValueError:
            return Mismatch(place, _expected(schema), "another string")
    return None


def _types(schema: Object) -> list[str]:
    types: Json = schema.get("type", [])
    return types if is_array(types) else [types]


def _expected(schema: Json) -> str:
    if not is_object(schema) or not (types := _types(schema)):
        return "a value"
    form = schema.get("format")
    names = [form if kind == "string" and form in FORMATS else kind for kind in types]
    return " or ".join(with_article(name) for name in names)
