"""OpenAPI 3.0's `nullable` becomes 3.1's type `null`."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array
from tools.regenerate.walk import schemas, shown

# Keywords that do not constrain values: they stay outside when a schema is wrapped.
_ANNOTATIONS: Final = frozenset(
    ["title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"]
)
# Keywords that can exclude null whatever `type` says.
_COMPOSED: Final = frozenset(["$ref", "allOf", "oneOf", "anyOf", "not", "if", "const"])


def read_nullable(document: Object, notes: Notes) -> None:
    """Rewrite each schema that has `nullable`."""
    for place, schema in schemas(document):
        if isinstance(schema.get("nullable"), bool):
            rewritten = _without_nullable(schema)
            schema.clear()
            schema.update(rewritten)
            notes.say("adjusted", shown(place), "`nullable` (OpenAPI 3.0) replaced by the type `null`")


def _without_nullable(schema: Object) -> Object:
    rest = {key: value for key, value in schema.items() if key != "nullable"}
    if not schema["nullable"]:
        return rest
    if _COMPOSED & rest.keys():
        inner = {key: value for key, value in rest.items() if not _is_annotation(key)}
        outer = {key: value for key, value in rest.items() if _is_annotation(key)}
        choices = inner["anyOf"] if inner.keys() == {"anyOf"} and is_array(inner["anyOf"]) else [inner]
        return {"anyOf": _with(choices, {"type": "null"}), **outer}
    if is_array(rest.get("enum")):
        # The values imply the type; with a list of types as well, the generator makes three enums.
        rest.pop("type", None)
        rest["enum"] = _with(rest["enum"], None)
    elif "type" in rest:
        rest["type"] = _with(rest["type"] if is_array(rest["type"]) else [rest["type"]], "null")
    return rest


def _with(items: list[Json], item: Json) -> list[Json]:
    return items if item in items else [*items, item]


def _is_annotation(key: str) -> bool:
    return key in _ANNOTATIONS or key.startswith("x-")
