"""Parameters: each operation has all its own, each once and with a `schema`, matching its path."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, copy, is_array, is_object
from tools.regenerate.walk import Operation, operations, types

_PLACES: Final = frozenset(["path", "query", "header", "cookie"])
# Set by HTTP or by the client's credentials: OpenAPI says that header parameters of these names are ignored.
_IGNORED: Final = frozenset(["accept", "authorization", "content-type"])
_KEYWORDS: Final = frozenset([
    "name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode",
    "allowReserved", "schema", "example", "examples", "content",
])  # fmt: skip
Parameters = dict[tuple[str, str], Object]


def normalise_parameters(document: Object, notes: Notes) -> None:
    """Normalise each operation's parameters, including those of its path item."""
    for each in operations(document):
        merged: Parameters = {}
        for owner in (each.node, each.item):
            for parameter in _listed(owner, each, notes):
                name, place = key = (parameter["name"], parameter["in"])
                if key in merged and owner is each.node:
                    what = f"{place} parameter `{name}` is declared twice: first used"
                    notes.add("adjusted", each.name, what)
                merged.setdefault(key, copy(parameter))
        _match_path(each, merged, notes)
        for parameter in merged.values():
            _read(parameter, each, notes)
        each.node.pop("parameters", None)
        if merged:
            each.node["parameters"] = list(merged.values())
    for each in operations(document):
        each.item.pop("parameters", None)


def _listed(owner: Object, operation: Operation, notes: Notes) -> list[Object]:
    parameters: Json = owner.get("parameters", [])
    if is_object(parameters):
        parameters = [{"name": name, **one} for name, one in parameters.items() if is_object(one)]
        notes.add("adjusted", operation.name, "`parameters` is a mapping: treated as a list")
    found: list[Object] = []
    for one in parameters if is_array(parameters) else [parameters]:
        if not is_object(one) or not isinstance(one.get("name"), str):
            notes.add("dropped", operation.name, "a parameter without a name")
        elif str(one.get("in")).lower() == "header" and one["name"].lower() in _IGNORED:
            notes.add("adjusted", operation.name, f"header `{one['name']}` is set by the client: ignored")
        else:
            found.append(one | {"in": _place(one, operation, notes)})
    return found


def _place(parameter: Object, operation: Operation, notes: Notes) -> str:
    place, name = str(parameter.get("in")), parameter["name"]
    if place in _PLACES:
        return place
    default = "path" if f"{{{name}}}" in operation.path else "query"
    meant = place.lower() if place.lower() in _PLACES else default
    notes.add("adjusted", operation.name, f"parameter `{name}` in `{place}` treated as a {meant} parameter")
    return meant


def _match_path(operation: Operation, merged: Parameters, notes: Notes) -> None:
    wanted = re.findall(r"\{([^{}]*)\}", operation.path)
    stray = [key for key in merged if key[1] == "path" and key[0] not in wanted]
    missing = [name for name in wanted if (name, "path") not in merged]
    if len(stray) == len(missing) == 1:
        merged[missing[0], "path"] = merged.pop(stray[0]) | {"name": missing[0]}
        notes.add("adjusted", operation.name, f"path parameter `{stray[0][0]}` renamed to `{missing[0]}`")
        return
    for key in stray:
        del merged[key]
        notes.add("dropped", operation.name, f"path parameter `{key[0]}`: it does not occur in the path")
    for name in missing:
        merged[name, "path"] = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        notes.add("adjusted", operation.name, f"undeclared path parameter `{name}` treated as a string")


def _read(parameter: Object, operation: Operation, notes: Notes) -> None:
    name, place = parameter["name"], parameter["in"]
    if place == "path" and parameter.get("required") is not True:
        parameter["required"] = True
        notes.add("adjusted", operation.name, f"path parameter `{name}` treated as required")
    content = parameter.pop("content", None)
    if is_object(parameter.get("schema")):
        if "description" in parameter:
            # The generator takes it from here.
            parameter["schema"].setdefault("description", parameter["description"])
    else:
        beside = sorted(key for key in parameter.keys() - _KEYWORDS if not key.startswith("x-"))
        parameter["schema"] = {key: parameter.pop(key) for key in beside} or {"type": "string"}
        lacks = "has `content` instead of" if content else "lacks"
        what = "keywords beside it used" if beside else "treated as a string"
        notes.add("adjusted", operation.name, f"parameter `{name}` {lacks} `schema`: {what}")
    usual = parameter.get("style", "form") == "form" and parameter.get("explode", True) is True
    if place == "query" and not usual and {"array", "object"} & set(types(parameter["schema"])):
        what = f"parameter `{name}` is sent in the default style (form, exploded)"
        notes.add("incomplete", operation.name, what)
