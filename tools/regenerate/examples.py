"""Example values for a schema: the document's own if it is valid, otherwise one of the schema's type."""

from datetime import date, datetime
from typing import Final

from tools.regenerate.tree import Json, Object, is_array, is_object
from tools.regenerate.walk import followed

_DEEP: Final = 8
_FORMATS: Final[dict[str, str]] = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00+01:00",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_OF_A_TYPE: Final[dict[str, Json]] = {"integer": 1, "number": 1.5, "boolean": True, "null": None}
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def example(document: Object, unresolved: Json, deep: int = 0) -> Json:
    """Return an example of a schema's values."""
    schema = followed(document, unresolved)
    if not is_object(schema) or deep > _DEEP:
        return {}
    if is_array(schema.get("allOf")):
        rest = {key: value for key, value in schema.items() if key != "allOf"}
        made = [example(document, part, deep + 1) for part in [*schema["allOf"], rest]]
        return {key: value for one in made if is_object(one) for key, value in one.items()}
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return example(document, choices[0], deep + 1)
    if "const" in schema or schema.get("enum"):
        return schema["const"] if "const" in schema else schema["enum"][0]
    return _of_a_type(document, schema, deep)


def _of_a_type(document: Object, schema: Object, deep: int) -> Json:
    told = schema.get("type")
    kind = str(told[0]) if is_array(told) and told else str(told)
    if kind == "object" or "properties" in schema:
        return _of_object(document, schema, deep)
    if kind == "array":
        return [example(document, schema.get("items"), deep + 1)]
    return _of_primitive(schema, kind)


def _of_object(document: Object, schema: Object, deep: int) -> Json:
    properties = schema.get("properties")
    required = schema.get("required") or ()
    return {
        name: example(document, field, deep + 1)
        for name, field in (properties.items() if is_object(properties) else ())
        if deep < _DEEP // 2 or name in required
    }


def _of_primitive(schema: Object, kind: str) -> Json:
    own, form = schema.get("example"), schema.get("format")
    if form == "binary":
        return b"text"
    if (
        isinstance(own, _TYPES.get(kind, ()))
        and (kind == "boolean") == isinstance(own, bool)
        and _is(own, form)
    ):
        return own
    return _OF_A_TYPE.get(kind, _FORMATS.get(str(form), "text"))


def _is(value: Json, form: Json) -> bool:
    if form not in _FORMATS:
        return True
    try:
        return bool({"date": date, "date-time": datetime}[form].fromisoformat(value))
    except (KeyError, TypeError, ValueError):
        return False
