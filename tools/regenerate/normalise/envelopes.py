"""List envelopes: each is inlined in its operation as JSON of status 200, with the title `<Item>Page`.

So the overlay finds every envelope, and its class is called `CustomerPage`, whether the document has it
inline, by reference, composed with `allOf`, or under `2XX`.
"""

import re
from typing import Final

from tools.regenerate.normalise.names import WRAPPED
from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, child, children, copy, is_object
from tools.regenerate.walk import Operation, followed, operations, reference

_MARK: Final = "next_page_url"
_COMPOSED: Final = frozenset(["allOf", "anyOf", "oneOf"])
_DEPTH: Final = 10


def inline_envelopes(document: Object, notes: Notes) -> None:
    """Bring each envelope into its place and form."""
    taken: set[str] = set()
    # First the operation whose page must be called `CustomerPage`.
    for each in sorted(operations(document), key=lambda each: not each.is_(*WRAPPED)):
        found = _found(document, each) if each.method == "get" else None
        if found is None:
            continue
        status, schema = found
        if status != "200":
            each.node["responses"] = {
                "200" if key == status else key: it for key, it in each.node["responses"].items()
            }
            notes.add("adjusted", each.name, f"list response {status} treated as 200")
        each.node["responses"]["200"]["content"]["application/json"]["schema"] = schema
        schema["title"] = _title(schema, each, taken)
        taken.add(schema["title"])


def paginated(operation: Operation) -> bool:
    """Return whether the operation responds with an envelope; `inline_envelopes` must have run."""
    content = child(child(operation.node["responses"], "200"), "content")
    schema = child(child(content, "application/json"), "schema")
    return operation.method == "get" and _MARK in child(schema, "properties")


def _found(document: Object, operation: Operation) -> tuple[str, Object] | None:
    """Return status and schema of the response that is an envelope."""
    for status, response in operation.node["responses"].items():
        if status in {"200", "2XX", "default"}:
            media = child(child(response, "content"), "application/json")
            schema = _merged(document, media.get("schema"), _DEPTH)
            if schema is not None and _MARK in child(schema, "properties"):
                return status, schema
    return None


def _merged(document: Object, node: Json, depth: int) -> Object | None:
    """Return a schema merged with its references and parts; `None` if that is not possible."""
    schema = followed(document, node)
    if not is_object(schema) or not depth:
        return None
    # An `anyOf` or `oneOf` with one choice is no choice.
    choices = [children(schema, key) for key in ("anyOf", "oneOf")]
    parts = [*children(schema, "allOf"), *(each[0] for each in choices if len(each) == 1)]
    if not parts:
        return {**copy(schema)}
    own = {key: value for key, value in schema.items() if key not in _COMPOSED}
    result: Object = {}
    for part in (*(_merged(document, part, depth - 1) for part in parts), copy(own)):
        if part is None:
            return None
        properties = child(result, "properties") | child(part, "properties")
        required = dict.fromkeys([*children(result, "required"), *children(part, "required")])
        result |= part | {"type": "object", "properties": properties, "required": list(required)}
    return result


def _title(schema: Object, operation: Operation, taken: set[str]) -> str:
    item = reference(child(schema["properties"], "data").get("items"))
    name = operation.node.get("operationId")
    words = re.split(r"[\W_]+", name if isinstance(name, str) else f"list {operation.path}")
    unique = "".join(word[:1].upper() + word[1:] for word in words)
    title = f"{item.rpartition('/')[2] if item else unique}Page"
    return title if title not in taken else f"{unique}Page"
