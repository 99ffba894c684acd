"""Schemas: keywords that are misplaced, misspelt or of the wrong type, where one meaning is left."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array, is_object
from tools.regenerate.walk import schemas, shown

_TYPES: Final = frozenset(["string", "number", "integer", "boolean", "array", "object", "null"])
# Words for types that other languages and formats have.
_WORDS: Final[tuple[tuple[Object, str], ...]] = (
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
_MEANT: Final = {word: meant for meant, words in _WORDS for word in words.split()}
_VALUES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}


def read_schemas(document: Object, notes: Notes) -> None:
    """Read each schema, the inner ones first."""
    for place, schema in schemas(document):
        where = shown(place)
        _types(schema, where, notes)
        _required(schema, where, notes)
        _items(schema, where, notes)
        _default(schema, where, notes)
        # It would name the class, and two can share one; an envelope gets its title later.
        schema.pop("title", None)


def _types(schema: Object, where: str, notes: Notes) -> None:
    told = schema.get("type")
    if isinstance(told, str) and told not in _TYPES:
        plain = told.strip().lower()
        if plain not in _TYPES and plain not in _MEANT:
            return  # the generator's own validation drops it
        meant = {"type": plain} if plain in _TYPES else _MEANT[plain]
        del schema["type"]
        schema.update({key: value for key, value in meant.items() if key == "type" or key not in schema})
        notes.say("read", where, f"the type `{told}` as {' '.join(meant.values()) or 'any value'}")
    if is_array(told) and "enum" in schema:
        # The values say the type; beside a list of types the generator makes three enums of one.
        del schema["type"]
        if "null" in told and is_array(schema["enum"]) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]


def _required(schema: Object, where: str, notes: Notes) -> None:
    properties = schema.get("properties")
    told: Json = schema.get("required")
    if isinstance(told, str):
        schema["required"] = told = [told]
        notes.say("read", where, f"`required: {told[0]}` as a list")
    if is_array(told) and len(set(map(str, told))) < len(told):
        schema["required"] = list({str(name): name for name in told}.values())
        notes.say("read", where, "`required`, which names a field twice, as once")
    for name, inner in properties.items() if is_object(properties) else ():
        if is_object(inner) and isinstance(required := inner.get("required"), bool):
            del inner["required"]
            names: list[Json] = schema["required"] if is_array(schema.get("required")) else []
            if required and name not in names:
                schema["required"] = [*names, name]
            notes.say(
                "read",
                f"{where}/properties/{name}",
                f"`required: {str(required).lower()}` as said of the field",
            )


def _items(schema: Object, where: str, notes: Notes) -> None:
    kinds = schema.get("type")
    is_list = kinds == "array" or (is_array(kinds) and "array" in kinds)
    if is_list and not is_object(schema.get("items")) and not schema.get("prefixItems"):
        told = schema.get("items")
        schema["items"] = {"anyOf": told} if is_array(told) and told and all(map(is_object, told)) else {}
        said = "without `items`" if told is None else "with `items` that are no schema"
        notes.say(
            "read", where, f"a list {said}, as one of {'any of them' if schema['items'] else 'any values'}"
        )
    if is_list and is_array(schema.get("enum")):
        # Meant of the items.
        schema["items"].setdefault("enum", schema.pop("enum"))
        notes.say("read", where, "the `enum` of a list as that of its items")


def _default(schema: Object, where: str, notes: Notes) -> None:
    """The generator refuses a default that is not of the type, or none that it can write."""
    if "default" not in schema or schema["default"] is None:
        return
    default, kind = schema["default"], schema.get("type")
    fits = (
        isinstance(kind, str)
        and isinstance(default, _VALUES.get(kind, ()))
        and (kind == "boolean") == isinstance(default, bool)
        and not ("enum" in schema and not (is_array(schema["enum"]) and default in schema["enum"]))
        and "format" not in schema
    )
    if not fits:
        del schema["default"]
        notes.say("dropped", where, "the default, which the generator does not take")
