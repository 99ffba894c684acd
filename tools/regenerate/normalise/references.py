"""References: those to named schemas stay, all others are replaced by their target."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, child, copy, is_array, is_object
from tools.regenerate.walk import (
    DATA,
    NAMED,
    Place,
    followed,
    named_schemas,
    reference,
    resolve,
    schemas,
    shown,
)

_DEPTH: Final = 20


def resolve_references(document: Object, notes: Notes) -> None:
    """Replace the references of path items, parameters, bodies and responses; correct those of schemas."""
    document["paths"] = _inlined(document, child(document, "paths"), ("paths",), notes)
    for key in ("parameters", "requestBodies", "responses", "pathItems"):
        child(document, "components").pop(key, None)
    for place, schema in schemas(document):
        _correct(document, schema, place, notes, _DEPTH)


def _inlined(document: Object, node: Json, place: Place, notes: Notes) -> Json:
    """Return a node with its references replaced by their targets, but for those of its schemas."""
    if is_array(node):
        return [_inlined(document, item, (*place, str(index)), notes) for index, item in enumerate(node)]
    if not is_object(node) or len(place) > _DEPTH:
        return node
    if (target := reference(node)) is not None:
        found = followed(document, node)
        if not is_object(found):
            notes.add("dropped", shown(place), f"unresolvable reference {target}")
            found = {}
        node = copy(found) | {key: value for key, value in node.items() if key != "$ref"}
    return {
        key: value if key in {"schema", *DATA} else _inlined(document, value, (*place, key), notes)
        for key, value in node.items()
    }


def _correct(document: Object, schema: Object, place: Place, notes: Notes, depth: int) -> None:
    """Correct a schema's reference, in place."""
    if "$ref" not in schema:
        return
    target = str(schema["$ref"])
    if meant := _meant(document, target):
        if meant != schema["$ref"]:
            schema["$ref"] = meant
            notes.add("adjusted", shown(place), f"reference {target} treated as {meant}")
        return
    found = followed(document, {"$ref": target})
    del schema["$ref"]
    if is_object(found) and depth:
        rest = dict(schema)
        schema.clear()
        schema.update(copy(found) | rest)
        _correct(document, schema, place, notes, depth - 1)
    else:
        notes.add("adjusted", shown(place), f"unresolvable reference {target} treated as any value")


def _meant(document: Object, target: str) -> str | None:
    """Return the reference to a named schema that this one means; its path or case may be wrong."""
    folder, _, name = target.rpartition("/")
    if is_object(resolve(document, target)):
        meant = [target] if f"{folder}/" == NAMED else []
    else:
        meant = [f"{NAMED}{each}" for each in named_schemas(document) if each.lower() == name.lower()]
    return meant[0] if len(meant) == 1 and is_object(followed(document, {"$ref": meant[0]})) else None
