"""Schemas: keywords that are misplaced, misspelt or of the wrong type, if only one meaning is possible."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, child, children, is_array, is_object
from tools.regenerate.walk import schemas, shown, types

_TYPES: Final = frozenset(["string", "number", "integer", "boolean", "array", "object", "null"])
# Names of types in other languages and formats.
_ALIASES: Final[tuple[tuple[Object, str], ...]] = (
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
_MEANT: Final[dict[str, Object]] = {kind: {"type": kind} for kind in _TYPES} | {
    alias: meant for meant, aliases in _ALIASES for alias in aliases.split()
}
PYTHON_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}


def read_schemas(document: Object, notes: Notes) -> None:
    """Correct each schema, the nested ones first."""
    for place, schema in schemas(document):
        where = shown(place)
        _type(schema, where, notes)
        _required(schema, where, notes)
        _items(schema, where, notes)
        _default(schema, where, notes)
        # It would name the class, and two can share one; an envelope gets its title later.
        schema.pop("title", None)


def _type(schema: Object, where: str, notes: Notes) -> None:
    found = schema.get("type")
    if isinstance(found, str) and found not in _TYPES and found.strip().lower() in _MEANT:
        meant = _MEANT[found.strip().lower()]
        del schema["type"]
        schema.update({key: value for key, value in meant.items() if key not in schema})
        notes.say("adjusted", where, f"type `{found}` treated as {' '.join(meant.values()) or 'any value'}")
    if is_array(found) and "enum" in schema:
        # The values imply the type; with a list of types as well, the generator makes three enums.
        del schema["type"]
        if "null" in found and None not in children(schema, "enum"):
            schema["enum"] = [*children(schema, "enum"), None]


def _required(schema: Object, where: str, notes: Notes) -> None:
    found: Json = schema.get("required")
    if isinstance(found, str):
        schema["required"] = [found]
        notes.say("adjusted", where, f"`required: {found}` treated as a list")
    elif is_array(found) and len(set(map(str, found))) < len(found):
        schema["required"] = list({str(name): name for name in found}.values())
        notes.say("adjusted", where, "duplicate names removed from `required`")
    for name, field in child(schema, "properties").items():
        if is_object(field) and isinstance(field.get("required"), bool):
            required, names = field.pop("required"), children(schema, "required")
            if required and name not in names:
                schema["required"] = [*names, name]
            what = f"`required: {str(required).lower()}` moved to the parent's list"
            notes.say("adjusted", f"{where}/properties/{name}", what)


def _items(schema: Object, where: str, notes: Notes) -> None:
    if "array" not in types(schema):
        return
    if not is_object(schema.get("items")) and not schema.get("prefixItems"):
        choices = children(schema, "items")
        schema["items"] = {"anyOf": choices} if choices and all(map(is_object, choices)) else {}
        what = "any of its `items`" if schema["items"] else "any values"
        notes.say("adjusted", where, f"array without valid `items` treated as one of {what}")
    if is_array(schema.get("enum")) and is_object(schema.get("items")):
        schema["items"].setdefault("enum", schema.pop("enum"))
        notes.say("adjusted", where, "`enum` of an array moved to its `items`")


def _default(schema: Object, where: str, notes: Notes) -> None:
    """Drop a default that the generator refuses: it is not of the type, or cannot be written."""
    default, kind = schema.get("default"), schema.get("type")
    fits = default is None or (
        isinstance(kind, str)
        and isinstance(default, PYTHON_TYPES.get(kind, ()))
        and (kind == "boolean") == isinstance(default, bool)
        and ("enum" not in schema or default in children(schema, "enum"))
        and "format" not in schema
    )
    if not fits:
        del schema["default"]
        notes.say("dropped", where, "the default, which the generator does not support")
