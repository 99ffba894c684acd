"""Where a response differs from its schema."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mijnklantportaal.document import Document
from mijnklantportaal.document.mismatch import first_mismatch, type_name, with_article

DATE_TIME = {"type": "string", "format": "date-time"}
PERSON = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "born": {"type": ["string", "null"], "format": "date"},
        "x": True,
    },
}
TREE = {"properties": {"sub": {"$ref": "#/components/schemas/Tree"}}}


def found(schema: Any, body: Any) -> tuple[str, str, str] | None:
    content = {"application/json": {"schema": schema}}
    document = Document(
        {
            "paths": {"/a/{id}": {"get": {"responses": {"200": {"content": content}}}}},
            "components": {"schemas": {"Person": PERSON, "Tree": TREE}},
        }
    )
    mismatch = first_mismatch(document, "GET", "/v1/a/1", json.dumps(body).encode())
    return mismatch and mismatch[:3]


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        (PERSON, {"id": "a", "born": None, "x": 1, "other": 2}, None),
        (PERSON, {"id": "a", "born": "2024-04-31"}, ("$.born", "a date or null", "another string")),
        (PERSON, {"id": "a", "born": 7}, ("$.born", "a date or null", "an integer")),
        (PERSON, {}, ("$.id", "a string", "nothing")),
        ({"required": ["x y"]}, {}, ("$['…']", "a value", "nothing")),
        ({"type": "array", "items": DATE_TIME}, ["geheim"], ("$[0]", "a date-time", "another string")),
        ({"type": "array", "items": DATE_TIME}, ["2024-04-28T21:00:00+02:00"], None),
        ({"type": "number"}, 1, None),
        ({"type": "integer"}, 1.5, ("$", "an integer", "a number")),
        ({"type": "integer"}, True, ("$", "an integer", "a boolean")),
        ({"type": "object"}, [], ("$", "an object", "an array")),
        (True, None, None),
        ({"allOf": [{"$ref": "#/components/schemas/Person"}]}, {}, ("$.id", "a string", "nothing")),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Person"}]}, None, None),
        (
            {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Person"}]},
            {"id": 7},
            ("$.id", "a string", "an integer"),
        ),
        (
            {"properties": {"a": {"type": "string"}, "b": DATE_TIME}},
            {"a": 1, "b": None},
            ("$.b", "a date-time", "null"),  # the generated code takes the other
        ),
    ],
)
def test_the_first_mismatch(schema: Any, body: Any, expected: tuple[str, str, str] | None) -> None:
    assert found(schema, body) == expected


def test_without_anything_to_compare_there_is_no_mismatch() -> None:
    document = Document({"paths": {"/a": {"get": {"responses": {"200": {}}}}}})
    assert first_mismatch(document, "GET", "/b", b"{}") is None
    assert first_mismatch(document, "GET", "/a", b"{") is None
    assert first_mismatch(document, "GET", "/a", b"[" * 100_000) is None


def test_a_recursive_schema() -> None:
    body: Any = 1
    for _ in range(50):
        body = {"sub": body}
    assert found({"$ref": "#/components/schemas/Tree"}, body) is None


@pytest.mark.parametrize(
    ("value", "name"),
    [({}, "an object"), ([], "an array"), (1.5, "a number"), (None, "null"), (1, "an integer")],
)
def test_types_in_a_sentence(value: object, name: str) -> None:
    assert with_article(type_name(value)) == name
