"""Rewrites what upstream's document says in an old or a roundabout way; knowledge is added by overlay.yaml.

- keys become strings (`200:` is a number in YAML);
- OpenAPI 3.0's `nullable` becomes 3.1's null type: a 3.1 document does not know `nullable`;
- answers other than 2xx are left out: the client's transport raises them, and with them a call would return
  a union;
- an operation's own `security` is left out where it only repeats the document's: the generator would demand
  its other client class for it;
- the envelope of a list gets the title that its class is called by: `CustomerPage`.
"""

import json
import re
from collections.abc import Iterator

from tools.regenerate.notes import Note
from tools.regenerate.tree import Json, Object, ToolError, copy, is_array, is_object

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Keywords whose children go by names that somebody chose: a property can well be called `nullable`.
_NAMES = (
    frozenset(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas"])
    | frozenset(["responses", "parameters", "headers", "requestBodies", "content", "encoding", "callbacks"])
    | frozenset(["paths", "pathItems", "webhooks"])
)
# Keywords that hold data, in which no schema is to be found.
_DATA = frozenset(["example", "examples", "default", "enum", "const", "links", "mapping"])
# Keywords that say nothing about which values are valid: they stay outside when a schema is wrapped.
_ANNOTATIONS = frozenset(
    ["title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"]
)
# Keywords that refuse null whatever `type` beside them says.
_COMPOSED = frozenset(["$ref", "allOf", "oneOf", "anyOf", "not", "if", "const"])


def normalise(document: Object) -> tuple[Object, list[Note]]:
    """Return the normalised document, and what was read differently; the given one is left alone."""
    result: Object = _with_string_keys(document)
    notes: list[Note] = []
    for where, schema in schemas(result):
        if isinstance(schema.get("nullable"), bool):
            rewritten = _without_nullable(schema)
            schema.clear()
            schema.update(rewritten)
            notes.append(Note("read", where, "`nullable`, unknown to OpenAPI 3.1, as the type `null`"))
    for operation in _operations(result):
        if is_object(responses := operation.get("responses")):
            operation["responses"] = _successes(responses)
            for answer in operation["responses"].values():
                _name_envelope(answer)
        if "security" in operation and operation["security"] == result.get("security"):
            del operation["security"]
    return result, notes


def _name_envelope(answer: Json) -> None:
    try:
        schema = answer["content"]["application/json"]["schema"]
        item = schema["properties"]["data"]["items"]["$ref"].rpartition("/")[2]
    except (KeyError, TypeError, AttributeError):
        return
    if "next_page_url" in schema["properties"]:
        schema.setdefault("title", f"{item}Page")


def schemas(node: Json, where: str = "#", *, names: bool = False) -> Iterator[tuple[str, Object]]:
    """Yield each object that can be a schema with the place where it stands, the inner ones first."""
    if is_object(node):
        for key, child in list(node.items()):
            if names or not (key in _DATA or key.startswith("x-")):
                yield from schemas(child, f"{where}/{key}", names=not names and key in _NAMES)
        if not names:
            yield where, node
    elif is_array(node):
        for index, child in enumerate(node):
            yield from schemas(child, f"{where}/{index}")


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
        # The values say the type; beside a list of types the generator makes three enums of one.
        rest.pop("type", None)
        rest["enum"] = _with(rest["enum"], None)
    elif "type" in rest:
        rest["type"] = _with(rest["type"] if is_array(rest["type"]) else [rest["type"]], "null")
    return rest


def _with(items: list[Json], item: Json) -> list[Json]:
    return items if item in items else [*items, item]


def _is_annotation(key: str) -> bool:
    return key in _ANNOTATIONS or key.startswith("x-")


def _successes(responses: Object) -> Object:
    kept = {key: value for key, value in responses.items() if re.fullmatch(r"2(\d\d|XX)", key)}
    # Where only `default` is documented, it is what a success looks like.
    return kept or {key: value for key, value in responses.items() if key == "default"}


def _operations(document: Object) -> Iterator[Object]:
    paths = document.get("paths")
    for item in paths.values() if is_object(paths) else ():
        if is_object(item):
            yield from (item[method] for method in METHODS if is_object(item.get(method)))


def _with_string_keys(node: Json) -> Json:
    if is_array(node):
        return [_with_string_keys(item) for item in node]
    if not is_object(node):
        return copy(node)
    result: Object = {}
    key: Json  # YAML has keys of other types
    for key, value in node.items():
        name = key if isinstance(key, str) else json.dumps(key)
        if name in result:
            raise ToolError(f"the key {name} occurs twice, once as a string and once not")
        result[name] = _with_string_keys(value)
    return result
