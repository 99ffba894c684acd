"""References: those to a schema by name stay, others give way to what they lead to; nowhere is any value."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, copy, is_array, is_object
from tools.regenerate.walk import METHODS, Place, followed, operations, pointed_at, reference, schemas, shown

_NAMED: Final = "#/components/schemas/"
_DEEP: Final = 20


def read_references(document: Object, notes: Notes) -> None:
    """Resolve the references of path items, parameters, bodies and answers, and read those of schemas."""
    paths: Object = document["paths"] if is_object(document.get("paths")) else {}
    for path, item in list(paths.items()):
        if reference(item) is not None:
            paths[path] = _resolved(document, item, ("paths", path), notes) or {}
    for each in operations(document):
        place: Place = ("paths", each.path, each.method)
        for owner, where in ((each.item, place[:2]), (each.node, place)):
            if is_array(parameters := owner.get("parameters")):
                found = [_resolved(document, one, (*where, "parameters"), notes) for one in parameters]
                owner["parameters"] = [one for one in found if one is not None]
        if reference(each.node.get("requestBody")) is not None:
            body = _resolved(document, each.node["requestBody"], (*place, "requestBody"), notes)
            each.node["requestBody"] = (
                {"content": {"application/json": {"schema": {}}}} if body is None else body
            )
        if is_object(responses := each.node.get("responses")):
            for status, answer in responses.items():
                if reference(answer) is not None:
                    found = _resolved(document, answer, (*place, "responses", status), notes)
                    responses[status] = {"description": "unknown"} if found is None else found
    for key in ("parameters", "requestBodies", "responses", "pathItems"):
        if is_object(components := document.get("components")):
            components.pop(key, None)
    for place, schema in schemas(document):
        _read(document, schema, place, notes, _DEEP)


def _resolved(document: Object, node: Json, place: Place, notes: Notes) -> Json:
    if (target := reference(node)) is None:
        return node
    found = followed(document, node)
    if not is_object(found):
        notes.say("dropped", shown(place), f"the reference {target}, which leads nowhere")
        return None
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return copy(found) | {
        key: value for key, value in beside.items() if key in METHODS or key == "description"
    }


def _read(document: Object, schema: Object, place: Place, notes: Notes, deep: int) -> None:
    """Read a schema's reference, in place."""
    if "$ref" not in schema:
        return
    target = schema["$ref"]
    if isinstance(target, str) and _leads_to_a_schema(document, target):
        return
    meant = _meant(document, str(target))
    if meant is not None:
        schema["$ref"] = f"{_NAMED}{meant}"
        notes.say("read", shown(place), f"the reference {target} as {_NAMED}{meant}")
        return
    found = followed(document, schema) if isinstance(target, str) else None
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    schema.clear()
    if is_object(found) and deep:
        schema.update(copy(found) | beside)
        _read(document, schema, place, notes, deep - 1)
        return
    schema.update(beside)
    notes.say("read", shown(place), f"the reference {target}, which leads nowhere, as any value")


def _leads_to_a_schema(document: Object, target: str) -> bool:
    name = target.removeprefix(_NAMED)
    if name == target or "/" in name:
        return False
    return is_object(pointed_at(document, target)) and is_object(followed(document, {"$ref": target}))


def _meant(document: Object, target: str) -> str | None:
    """The schema that a misspelt reference can only mean: its name is that of one, but for case."""
    if is_object(pointed_at(document, target)):
        return None
    name = target.rpartition("/")[2].lower()
    components = document.get("components")
    named = components.get("schemas") if is_object(components) else None
    found = [each for each in named if each.lower() == name] if is_object(named) else []
    return (
        found[0]
        if len(found) == 1 and is_object(followed(document, {"$ref": f"{_NAMED}{found[0]}"}))
        else None
    )
