"""Parameters: all of an operation's stand with it, each once, with a `schema`; the path's fit the path."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, copy, is_array, is_object
from tools.regenerate.walk import METHODS, Operation, operations

# What HTTP itself or the client's credentials say: OpenAPI wants such header parameters ignored.
_IGNORED: Final = frozenset(["accept", "authorization", "content-type"])
_OF_A_PARAMETER: Final = frozenset(
    [
        "name",
        "in",
        "description",
        "required",
        "deprecated",
        "allowEmptyValue",
        "style",
        "explode",
        "allowReserved",
        "schema",
        "example",
        "examples",
        "content",
    ]
)


def read_parameters(document: Object, notes: Notes) -> None:
    """Read each operation's parameters; those of its path item come along."""
    _plain_paths(document, notes)
    for each in operations(document):
        merged: dict[tuple[str, str], Object] = {}
        for owner in (each.node, each.item):
            own: set[tuple[str, str]] = set()
            for parameter in _listed(owner, each, notes):
                key = (parameter["name"], parameter["in"])
                if key in own and owner is each.node:
                    notes.say(
                        "read", each.name, f"the {key[1]} parameter `{key[0]}`, declared twice, as the first"
                    )
                own.add(key)
                merged.setdefault(key, copy(parameter))
        _fit_the_path(each, merged, notes)
        each.node["parameters"] = list(merged.values())
        for parameter in each.node["parameters"]:
            _read(parameter, each, notes)
        if not each.node["parameters"]:
            del each.node["parameters"]
    for each in operations(document):
        each.item.pop("parameters", None)


def _listed(owner: Object, operation: Operation, notes: Notes) -> list[Object]:
    parameters: Json = owner.get("parameters", [])
    if is_object(parameters):
        parameters = [{"name": name, **one} for name, one in parameters.items() if is_object(one)]
        notes.say("read", operation.name, "`parameters`, a mapping, as a list")
    found: list[Object] = []
    for one in parameters if is_array(parameters) else [parameters]:
        if not is_object(one) or not isinstance(one.get("name"), str):
            notes.say("dropped", operation.name, "a parameter without a name")
        elif str(one.get("in")).lower() == "header" and one["name"].lower() in _IGNORED:
            notes.say("read", operation.name, f"the header `{one['name']}` as the client's own")
        else:
            found.append(one | {"in": _place(one, operation, notes)})
    return found


def _place(parameter: Object, operation: Operation, notes: Notes) -> str:
    told, name = str(parameter.get("in")), parameter["name"]
    if told in {"path", "query", "header", "cookie"}:
        return told
    place = "path" if f"{{{name}}}" in operation.path else "query"
    meant = told.lower() if told.lower() in {"path", "query", "header", "cookie"} else place
    notes.say("read", operation.name, f"the parameter `{name}` in {told} as one of the {meant}")
    return meant


def _fit_the_path(operation: Operation, merged: dict[tuple[str, str], Object], notes: Notes) -> None:
    wanted = re.findall(r"\{([^{}]*)\}", operation.path)
    stray = [key for key in merged if key[1] == "path" and key[0] not in wanted]
    missing = [name for name in wanted if (name, "path") not in merged]
    if len(stray) == len(missing) == 1:
        merged[missing[0], "path"] = merged.pop(stray[0]) | {"name": missing[0]}
        notes.say("read", operation.name, f"the path parameter `{stray[0][0]}` as `{missing[0]}`")
        return
    for key in stray:
        del merged[key]
        notes.say("dropped", operation.name, f"the path parameter `{key[0]}`, which the path does not have")
    for name in missing:
        merged[name, "path"] = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        notes.say("read", operation.name, f"the path parameter `{name}`, not declared, as a string")


def _read(parameter: Object, operation: Operation, notes: Notes) -> None:
    name, place = parameter["name"], parameter["in"]
    if place == "path" and parameter.get("required") is not True:
        parameter["required"] = True
        notes.say("read", operation.name, f"the path parameter `{name}` as required")
    content = parameter.pop("content", None)
    if not is_object(parameter.get("schema")):
        beside = {
            key: parameter.pop(key) for key in parameter.keys() - _OF_A_PARAMETER if not key.startswith("x-")
        }
        parameter["schema"] = dict(sorted(beside.items())) or {"type": "string"}
        said = (
            "with its type beside `schema`"
            if beside
            else "with `content`"
            if content
            else "without a `schema`"
        )
        notes.say(
            "read",
            operation.name,
            f"the parameter `{name}`, {said}, as {'one with it' if beside else 'a string'}",
        )
    elif is_object(parameter["schema"]) and "description" in parameter:
        # The generated docstring takes it from here.
        parameter["schema"].setdefault("description", parameter["description"])
    kinds = parameter["schema"].get("type")
    composed = {"array", "object"} & set(kinds if is_array(kinds) else [str(kinds)])
    usual = parameter.get("style", "form") == "form" and parameter.get("explode", True) is True
    if composed and place == "query" and not usual:
        notes.say(
            "incomplete",
            operation.name,
            f"the parameter `{name}` is sent as `style: form, explode: true` has it",
        )


def _plain_paths(document: Object, notes: Notes) -> None:
    """Give each path names that the generator can read, each once."""
    paths: Json = document.get("paths")
    if not is_object(paths):
        return
    for path in list(paths):
        renamed: dict[str, str] = {}
        plain = _plain(path, renamed)
        if plain == path or plain in paths:
            continue
        item = paths[path]
        for owner in [item, *(item[method] for method in METHODS if is_object(item.get(method)))]:
            for one in owner["parameters"] if is_array(owner.get("parameters")) else ():
                if is_object(one) and one.get("in") == "path" and one.get("name") in renamed:
                    one["name"] = renamed[one["name"]]
        notes.say("read", path, f"the path as {plain}")
        document["paths"] = paths = {plain if key == path else key: value for key, value in paths.items()}


def _plain(path: str, renamed: dict[str, str]) -> str:
    """The path with such names; `renamed` gets those that change."""
    seen: set[str] = set()

    def name(found: re.Match[str]) -> str:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", found[1]).strip("_") or "id"
        first = plain = plain if plain[0].isalpha() else f"id_{plain}"
        number = 1
        while plain in seen:
            number += 1
            plain = f"{first}{number}"
        seen.add(plain)
        if plain != found[1]:
            renamed.setdefault(found[1], plain)
        return f"{{{plain}}}"

    return re.sub(r"\{([^{}]*)\}", name, path)
