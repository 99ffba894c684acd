"""The envelope of a list: it stands with its operation, as JSON of status 200, titled `<Item>Page`.

So the overlay finds it, and its class is called `CustomerPage`. Whether it was one behind a reference, put
together by `allOf` or documented as `2XX` makes no difference.
"""

import re

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, copy, is_array, is_object
from tools.regenerate.walk import Operation, followed, operations, reference

_MARK = "next_page_url"


def read_envelopes(document: Object, notes: Notes) -> None:
    """Bring each envelope into its place and form."""
    taken: set[str] = set()
    for each in operations(document):
        found = _found(document, each) if each.method == "get" else None
        if found is None:
            continue
        status, schema = found
        if status != "200":
            each.node["responses"] = {
                "200" if key == status else key: it for key, it in each.node["responses"].items()
            }
            notes.say("read", each.name, f"the list that it answers with {status} as that of 200")
        media = each.node["responses"]["200"]["content"]["application/json"]
        if media["schema"] is not schema:
            media["schema"] = schema
        schema["title"] = _title(schema, each, taken)
        taken.add(schema["title"])


def paginated(operation: Operation) -> bool:
    """Whether the operation answers an envelope."""
    answer = operation.node["responses"].get("200", {}).get("content", {})
    return operation.method == "get" and _MARK in answer.get("application/json", {}).get("schema", {}).get(
        "properties", ()
    )


def _found(document: Object, operation: Operation) -> tuple[str, Object] | None:
    """The status and the schema of the success that is an envelope."""
    for status, answer in operation.node["responses"].items():
        if status in {"200", "2XX", "default"} and is_object(answer.get("content")):
            media = answer["content"].get("application/json")
            schema = _merged(document, media.get("schema"), 0) if is_object(media) else None
            if schema is not None and is_object(schema.get("properties")) and _MARK in schema["properties"]:
                return status, schema
    return None


def _merged(document: Object, unresolved: Json, depth: int) -> Object | None:
    """Put a schema together from what it refers to and consists of; the schema itself where it is plain."""
    schema = followed(document, unresolved)
    if not is_object(schema) or depth > 10:
        return None
    parts: list[Json] = list(schema.get("allOf") or ())
    for key in ("anyOf", "oneOf"):
        choices: list[Json] = schema.get(key) or []
        parts += choices if len(choices) == 1 else []  # a choice of one is no choice
    if not parts:
        return copy(schema) if reference(unresolved) is not None else schema
    result: Object = {"type": "object", "properties": {}}
    required: list[Json] = []
    rest = {key: value for key, value in schema.items() if key not in {"allOf", "anyOf", "oneOf"}}
    for part in [*(_merged(document, part, depth + 1) for part in parts), rest]:
        if part is None:
            return None
        properties = part.get("properties")
        result["properties"] |= copy(properties) if is_object(properties) else {}
        required += part["required"] if is_array(part.get("required")) else []
        result |= {key: value for key, value in part.items() if key not in {"type", "properties", "required"}}
    if required:
        result["required"] = list(dict.fromkeys(required))
    return result


def _title(schema: Object, operation: Operation, taken: set[str]) -> str:
    data = schema["properties"].get("data")
    item = reference(data.get("items")) if is_object(data) else None
    name = operation.node.get("operationId")
    words = str(name) if isinstance(name, str) else f"list {operation.path}"
    telling = "".join(word[:1].upper() + word[1:] for word in re.split(r"[\W_]+", words))
    title = f"{item.rpartition('/')[2]}Page" if item else f"{telling}Page"
    return title if title not in taken else f"{telling}Page"
