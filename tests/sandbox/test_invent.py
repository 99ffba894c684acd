"""Values invented from schemas."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mijnklantportaal.sandbox.invent import Inventor
from mijnklantportaal.sandbox.routes import Api

ENDLESS: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "inner": {"$ref": "#/schemas/Endless"}},
}
NAMED = {"name": "Jij"}
SCHEMAS = {"Endless": ENDLESS, "Named": {"properties": {"name": {"type": "string", "example": "Jij"}}}}
API = Api({"servers": [{"url": "https://example.nl"}], "paths": {}, "schemas": SCHEMAS})


def invent(schema: dict[str, Any], number: int = 7, seed: str = "0") -> Any:
    def refer(prefix: str, place: str) -> str:
        return f"<{prefix} at {place}>"

    return Inventor(API.resolve, refer, seed, number).value(schema)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "Café"}, "Café"),
        ({"type": "string", "example": 12}, "12"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000007"),
        ({"type": "string"}, "tekst"),
        ({}, "tekst"),
        ({"type": "integer", "example": 21}, 21),
        ({"type": "number", "example": 0}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer", "example": "21"}, 1),
        ({"type": "number"}, 1),
        ({"type": "null"}, None),
        ({"const": "vast"}, "vast"),
        ({"type": "string", "enum": ["open"]}, "open"),
        ({"type": "array"}, []),
        ({"type": "object"}, {}),
        ({"$ref": "#/schemas/Named"}, NAMED),
        (
            {"allOf": [{"$ref": "#/schemas/Named"}, {"properties": {"n": {"const": 1}}}]},
            NAMED | {"n": 1},
        ),
        ({"anyOf": [{"$ref": "#/schemas/Named"}, {"type": "null"}]}, NAMED),
        ({"oneOf": [{"type": "integer", "example": 4}, {"type": "string"}]}, 4),
        ({"type": "string", "example": "https://a.nl/x/inv_abc123/pay"}, "https://a.nl/x/<inv at $>/pay"),
        ({"type": "string", "example": "sub__abc1"}, "<sub at $>"),
        ({"type": "string", "example": "in_progress"}, "in_progress"),
        ({"type": "string", "example": "MKP-2025.0010"}, "MKP-2025.0007"),
        ({"type": "string", "example": "1 year"}, "1 year"),
        ({"type": "string", "example": "12.95"}, "12.95"),
    ],
)
def test_a_value_for_each_kind_of_schema(schema: dict[str, Any], value: object) -> None:
    assert invent(schema) == value


@pytest.mark.parametrize(
    ("example", "form"),
    [
        ("2024-04-28T21:00:00+02:00", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$"),
        ("2024-04-31T00:00:00.000Z", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$"),
        ("2025-03-05 14:30:00", r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"),
        ("2024-04-29", r"^\d{4}-\d\d-\d\d$"),
    ],
)
def test_a_date_has_the_form_of_its_example(example: str, form: str) -> None:
    schema = {
        "properties": {name: {"type": "string", "example": example} for name in ("createdAt", "paidAt")}
    }
    rows = [invent(schema, number) for number in range(1, 60)]
    for row in rows:
        Draft202012Validator({"additionalProperties": {"pattern": form}}).validate(row)
        assert row["createdAt"] <= row["paidAt"]
    assert [row["createdAt"] for row in rows] == sorted(row["createdAt"] for row in rows)


@pytest.mark.parametrize("example", ["gisteren", "2024-04-31", "2024-04-28T21:00:00+02:00", None])
def test_a_date_conforms_to_its_format(example: str | None) -> None:
    assert date.fromisoformat(invent({"type": "string", "format": "date", "example": example}))
    at = invent({"type": "string", "format": "date-time", "example": example})
    assert datetime.fromisoformat(at).tzinfo is not None


def test_a_value_depends_on_the_seed_and_the_place() -> None:
    schema = {"properties": {name: {"type": ["boolean", "null"]} for name in "abcdefghijklmnopqrst"}}
    assert invent(schema) == invent(schema) != invent(schema, seed="1")
    assert set(invent(schema).values()) == {True, False, None}
    assert invent({"properties": {"b": schema["properties"]["b"]}})["b"] == invent(schema)["b"]
    lists = [invent({"type": "array", "items": {"type": "boolean"}}, seed=str(seed)) for seed in range(20)]
    assert {len(each) for each in lists} == {1, 2}


def test_a_recursive_schema() -> None:
    assert str(invent(ENDLESS)).count("tekst") > 1
    nested = {"type": "array", "items": {"$ref": "#/schemas/Endless"}}
    ENDLESS["properties"]["inner"] = nested
    try:
        assert str(invent(nested)).count("tekst") > 1
    finally:
        ENDLESS["properties"]["inner"] = {"$ref": "#/schemas/Endless"}


def test_a_recursive_schema_has_its_required_fields_at_every_depth() -> None:
    fields = {"id": {"type": "string"}, "inner": {"$ref": "#/schemas/Endless"}}
    ENDLESS["properties"], before = fields, ENDLESS["properties"]
    ENDLESS["required"] = ["id"]
    try:
        text = str(invent(ENDLESS))
        assert text.count("'id'") == text.count("{") > 1
        ENDLESS["required"] = ["inner"]  # no value conforms to this, but it ends
        assert invent(ENDLESS)
    finally:
        ENDLESS["properties"] = before
        del ENDLESS["required"]


types = st.sampled_from(["object", "array", "string", "boolean", "integer", "number", "null"])


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": items}


def structure(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


schemas = st.recursive(
    st.builds(lambda kind, null: {"type": [kind, "null"] if null else kind}, types, st.booleans()),
    lambda inner: st.builds(array, inner) | st.builds(structure, st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@given(schemas, st.text())
def test_a_value_conforms_to_its_schema(schema: dict[str, Any], seed: str) -> None:
    Draft202012Validator(schema).validate(invent(schema, seed=seed))
