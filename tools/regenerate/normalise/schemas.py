"""Schemas: keywords that are misplaced, misspelt, of the wrong type, or of OpenAPI 3.0."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, child, children, is_array, is_object
from tools.regenerate.walk import schemas, shown, types

_TYPES: Final = ("string", "number", "integer", "boolean", "array", "object", "null")
# Names of types in other languages and formats.
_ALIASES: Final[tuple[tuple[Object, str], ...]] = (
    *(({"type": kind}, kind) for kind in _TYPES),
    ({"type": "integer"}, "int int32 int64 long bigint"),
    ({"type": "number"}, "float double decimal"),
    ({"type": "string"}, "str text uuid email url uri enum"),
    ({"type": "string", "format": "date-time"}, "datetime date-time timestamp"),
    ({"type": "string", "format": "date"}, "date"),
    ({"type": "string", "format": "binary"}, "file binary"),
    ({"type": "boolean"}, "bool"),
    ({"type": "array"}, "list"),
    ({"type": "object"}, "dict map hash"),
    ({"type": "null"}, "none nil"),
    ({}, "any mixed"),
)
_MEANT: Final = {alias: meant for meant, aliases in _ALIASES for alias in aliases.split()}
_PYTHON_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}
# Keywords that do not constrain values: they stay outside when a schema is wrapped.
_ANNOTATIONS: Final = frozenset(
    ["title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"]
)
# Keywords that can exclude null whatever `type` says.
_COMPOSED: Final = frozenset(["$ref", "allOf", "oneOf", "anyOf", "not", "if", "const"])


def normalise_schemas(document: Object, notes: Notes) -> None:
    """Correct each schema, the nested ones first."""
    for place, schema in schemas(document):
        where = shown(place)
        _type(schema, where, notes)
        _required(schema, where, notes)
        _items(schema, where, notes)
        _default(schema, where, notes)
        # It would name the class, and two can share one; an envelope gets its title later.
        schema.pop("title", None)
    for place, schema in schemas(document):  # only now that `required` is out of the properties
        if isinstance(schema.get("nullable"), bool):
            if schema.pop("nullable"):
                _allow_null(schema)
            notes.add("adjusted", shown(place), "`nullable` (OpenAPI 3.0) replaced by the type `null`")


def _type(schema: Object, where: str, notes: Notes) -> None:
    found = schema.get("type")
    if isinstance(found, str) and found not in _TYPES and found.strip().lower() in _MEANT:
        meant = _MEANT[found.strip().lower()]
        del schema["type"]
        schema.update({key: value for key, value in meant.items() if key not in schema})
        notes.add("adjusted", where, f"type `{found}` treated as {' '.join(meant.values()) or 'any value'}")
    if is_array(found) and "enum" in schema:
        # The values imply the type; with a list of types as well, the generator makes three enums.
        del schema["type"]
        if "null" in found:
            schema["enum"] = _with(children(schema, "enum"), None)


def _required(schema: Object, where: str, notes: Notes) -> None:
    found: Json = schema.get("required")
    if isinstance(found, str):
        schema["required"] = [found]
        notes.add("adjusted", where, f"`required: {found}` treated as a list")
    elif is_array(found) and len(set(map(str, found))) < len(found):
        schema["required"] = list({str(name): name for name in found}.values())
        notes.add("adjusted", where, "duplicate names removed from `required`")
    for name, field in child(schema, "properties").items():
        if is_object(field) and isinstance(field.get("required"), bool):
            required, names = field.pop("required"), children(schema, "required")
            if required and name not in names:
                schema["required"] = [*names, name]
            what = f"`required: {str(required).lower()}` moved to the parent's list"
            notes.add("adjusted", f"{where}.{name}", what)


def _items(schema: Object, where: str, notes: Notes) -> None:
    if "array" not in types(schema):
        return
    if not is_object(schema.get("items")) and not schema.get("prefixItems"):
        choices = children(schema, "items")
        schema["items"] = {"anyOf": choices} if choices and all(map(is_object, choices)) else {}
        what = "one of its `items`" if schema["items"] else "any value"
        notes.add("adjusted", where, f"array without valid `items`: each item treated as {what}")
    if is_array(schema.get("enum")) and is_object(schema.get("items")):
        schema["items"].setdefault("enum", schema.pop("enum"))
        notes.add("adjusted", where, "`enum` of an array moved to its `items`")


def _default(schema: Object, where: str, notes: Notes) -> None:
    """Drop a default that the generator rejects: it has another type, or cannot be written as code."""
    default, kind = schema.get("default"), schema.get("type")
    fits = default is None or (
        isinstance(kind, str)
        and isinstance(default, _PYTHON_TYPES.get(kind, ()))
        and (kind == "boolean") == isinstance(default, bool)
        and ("enum" not in schema or default in children(schema, "enum"))
        and "format" not in schema
    )
    if not fits:
        del schema["default"]
        notes.add("dropped", where, "the default, which the generator does not support")


def _allow_null(schema: Object) -> None:
    if _COMPOSED & schema.keys():
        inner = {key: schema.pop(key) for key in list(schema) if not _is_annotation(key)}
        choices = inner["anyOf"] if inner.keys() == {"anyOf"} and is_array(inner["anyOf"]) else [inner]
        schema["anyOf"] = _with(choices, {"type": "null"})
    elif is_array(schema.get("enum")):
        schema.pop("type", None)  # as in `_type`
        schema["enum"] = _with(schema["enum"], None)
    elif "type" in schema:
        schema["type"] = _with(schema["type"] if is_array(schema["type"]) else [schema["type"]], "null")


def _with(items: list[Json], item: Json) -> list[Json]:
    return items if item in items else [*items, item]


def _is_annotation(key: str) -> bool:
    return key in _ANNOTATIONS or key.startswith("x-")
