"""References: those to named schemas stay, all others are replaced by their target."""

from functools import partial
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, child, copy, is_array, is_object
from tools.regenerate.walk import (
    METHODS,
    NAMED,
    Place,
    followed,
    named_schemas,
    operations,
    reference,
    resolve,
    schemas,
    shown,
)

_DEPTH: Final = 20


def resolve_references(document: Object, notes: Notes) -> None:
    """Replace the references of path items, parameters, bodies and responses; correct those of schemas."""
    replaced = partial(_replaced, document, notes)
    paths = child(document, "paths")
    for path in paths:
        paths[path] = replaced(paths[path], ("paths", path), {})
    for each in operations(document):
        place: Place = ("paths", each.path, each.method)
        for owner, where in ((each.item, place[:2]), (each.node, place)):
            if is_array(parameters := owner.get("parameters")):
                found = [replaced(one, (*where, "parameters"), None) for one in parameters]
                owner["parameters"] = [one for one in found if one is not None]
        if "requestBody" in each.node:
            unknown: Object = {"content": {"application/json": {"schema": {}}}}
            each.node["requestBody"] = replaced(each.node["requestBody"], (*place, "requestBody"), unknown)
        responses = child(each.node, "responses")
        for status in responses:
            where = (*place, "responses", status)
            responses[status] = replaced(responses[status], where, {"description": "unknown"})
    for key in ("parameters", "requestBodies", "responses", "pathItems"):
        child(document, "components").pop(key, None)
    for place, schema in schemas(document):
        _correct(document, schema, place, notes, _DEPTH)


def _replaced(document: Object, notes: Notes, node: Json, place: Place, default: Json) -> Json:
    """Return the target of a reference, `default` if it has none, or the node if it is no reference."""
    if (target := reference(node)) is None:
        return node
    found = followed(document, node)
    if not is_object(found):
        notes.add("dropped", shown(place), f"unresolvable reference {target}")
        return default
    return copy(found) | {key: node[key] for key in (*METHODS, "description") if key in node}


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
