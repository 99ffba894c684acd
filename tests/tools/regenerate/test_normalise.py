from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.regenerate import normalise as module
from tools.regenerate.normalise.schemas import normalise_schemas
from tools.regenerate.notes import Note, Notes


def normalise(document: dict[str, Any]) -> dict[str, Any]:
    return module.normalise(document)[0]


def schema_after(schema: dict[str, Any]) -> Any:
    document = {"components": {"schemas": {"A": schema}}}
    normalise_schemas(document, Notes())
    return document["components"]["schemas"]["A"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param({"type": "string", "nullable": True}, {"type": ["string", "null"]}, id="type"),
        pytest.param(
            {"type": ["string", "integer"], "nullable": True},
            {"type": ["string", "integer", "null"]},
            id="several types",
        ),
        pytest.param(
            {"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}, id="already"
        ),
        pytest.param({"type": "null", "nullable": True}, {"type": ["null"]}, id="null itself"),
        pytest.param({"type": "string", "nullable": False}, {"type": "string"}, id="not nullable"),
        pytest.param({"nullable": True}, {}, id="anything goes anyway"),
        pytest.param(
            {"type": "string", "enum": ["a", "b"], "nullable": True, "description": "d"},
            {"enum": ["a", "b", None], "description": "d"},
            id="enum",
        ),
        pytest.param({"enum": ["a", None], "nullable": True}, {"enum": ["a", None]}, id="enum with null"),
        pytest.param(
            {"$ref": "#/components/schemas/B", "nullable": True, "description": "d", "x-y": 1},
            {"anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}], "description": "d", "x-y": 1},
            id="reference",
        ),
        pytest.param(
            {
                "type": "object",
                "allOf": [{"minProperties": 1}],
                "nullable": True,
                "example": {"nullable": True},
            },
            {
                "anyOf": [{"type": "object", "allOf": [{"minProperties": 1}]}, {"type": "null"}],
                "example": {"nullable": True},
            },
            id="allOf with a type beside it",
        ),
        pytest.param(
            {"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
            {"anyOf": [{"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "null"}]},
            id="oneOf",
        ),
        pytest.param(
            {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True, "description": "t"},
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}], "description": "t"},
            id="anyOf grows",
        ),
        pytest.param(
            {"anyOf": [{"type": "string"}], "minLength": 2, "nullable": True},
            {"anyOf": [{"anyOf": [{"type": "string"}], "minLength": 2}, {"type": "null"}]},
            id="anyOf with a rule beside it",
        ),
        pytest.param(
            {"type": "array", "items": {"type": "string", "nullable": True}, "nullable": True},
            {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
            id="nested",
        ),
        pytest.param(
            {"type": "object", "properties": {"nullable": {"type": "string", "nullable": True}}},
            {"type": "object", "properties": {"nullable": {"type": ["string", "null"]}}},
            id="a property named nullable",
        ),
        pytest.param(
            {"type": "object", "properties": {"nullable": True, "type": {"type": "string"}}},
            {"type": "object", "properties": {"nullable": True, "type": {"type": "string"}}},
            id="a property named nullable that is a boolean schema",
        ),
        pytest.param(
            {"properties": {"example": {"type": "string", "nullable": True}, "x-a": {"nullable": False}}},
            {"properties": {"example": {"type": ["string", "null"]}, "x-a": {}}},
            id="properties with the names of data keywords",
        ),
        pytest.param(
            {"properties": {"properties": {"type": "object", "nullable": True}}},
            {"properties": {"properties": {"type": ["object", "null"]}}},
            id="a property named properties",
        ),
    ],
)
def test_nullable_is_rewritten(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    assert schema_after(schema) == expected


def test_an_adjustment_is_noted() -> None:
    schema = {"properties": {"b": {"type": "string", "nullable": True}}}
    note = Note(
        "adjusted",
        "A.b",
        "`nullable` (OpenAPI 3.0) replaced by the type `null`",
    )
    assert note in module.normalise({"components": {"schemas": {"A": schema}}})[1]


@pytest.mark.parametrize("keyword", ["example", "examples", "const", "enum", "x-note"])
def test_data_is_not_a_schema(keyword: str) -> None:
    data: Any = {"type": "string", "nullable": True}
    schema = {"type": "object", keyword: [data] if keyword in {"enum", "examples"} else data}
    assert schema_after(deepcopy(schema)) == schema


def operation(responses: dict[Any, Any], **more: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.1",
        "security": [{"Key": []}],
        "paths": {"/a": {"get": {"responses": responses, **more}}},
    }


@pytest.mark.parametrize(
    ("statuses", "kept"),
    [
        (["200", "401", "500", "default"], ["200"]),
        (["201", "2XX", "204", "4XX", "2000", "20"], ["201", "2XX", "204"]),
        ([200, 404], ["200"]),
        (["default", "404"], ["default"]),
        (["404"], []),
    ],
)
def test_only_successes_are_kept(statuses: list[Any], kept: list[str]) -> None:
    result = normalise(operation({status: {"description": str(status)} for status in statuses}))
    assert list(result["paths"]["/a"]["get"]["responses"]) == kept


def test_security_equal_to_the_documents_is_removed() -> None:
    assert "security" not in normalise(operation({}, security=[{"Key": []}]))["paths"]["/a"]["get"]


def test_an_operations_own_security_is_noted() -> None:
    result, notes = module.normalise(operation({}, security=[{"Other": []}]))
    assert "security" not in result["paths"]["/a"]["get"]
    assert any("its own `security` is ignored" in note.what for note in notes)


def test_empty_security_is_kept() -> None:
    assert normalise(operation({}, security=[]))["paths"]["/a"]["get"]["security"] == []


def test_shared_nodes_are_copied() -> None:
    shared = {"type": "string", "nullable": True}
    result = normalise({"components": {"schemas": {"A": shared, "B": shared}}})["components"]["schemas"]
    assert result["A"] == result["B"] == {"type": ["string", "null"]}
    assert result["A"] is not result["B"]


keys = st.sampled_from(
    [
        "nullable",
        "type",
        "enum",
        "properties",
        "anyOf",
        "$ref",
        "responses",
        "get",
        "paths",
        "/a",
        "200",
        "example",
    ]
)
trees = st.recursive(
    st.none() | st.booleans() | st.just("string") | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(keys, trees, max_size=4))
def test_any_tree_is_copied_and_normalising_is_idempotent(document: dict[str, Any]) -> None:
    before = deepcopy(document)
    try:
        once = normalise(document)
    finally:
        assert document == before
    assert normalise(once) == once
