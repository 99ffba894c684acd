"""Request bodies and responses: of the responses, the successes; the transport raises the others."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Object, child, is_object
from tools.regenerate.walk import Operation, followed, operations, types

_JSON: Final = "application/json"
_ALIASES: Final = frozenset(["*/*", "application/*", "text/json", "application/x-json", "json"])


def normalise_content(document: Object, notes: Notes) -> None:
    """Normalise request bodies and responses; note what is not sent or parsed as the API does it."""
    for each in operations(document):
        where = f"{each.name}: request body"
        if is_object(body := each.node.get("requestBody")) and not child(body, "content"):
            body["content"] = {_JSON: {"schema": {}}}
            notes.add("adjusted", where, "no content is documented: treated as any JSON")
        form = _media_types(child(each.node, "requestBody"), where, notes).get("multipart/form-data", {})
        for name, field in child(followed(document, form.get("schema")), "properties").items():
            if "array" in types(followed(document, field)) and not name.endswith("[]"):
                what = f"list `{name}` is sent as repeated parts: see docs/multipart.md"
                notes.add("incomplete", where, what)
        each.node["responses"] = _successes(each, notes)
        for status, response in each.node["responses"].items():
            where = f"{each.name}: response {status}"
            if "schema" in response and "content" not in response:
                response["content"] = {_JSON: {"schema": response.pop("schema")}}
                notes.add("adjusted", where, "`schema` outside `content` treated as that of JSON content")
            if not _media_types(response, where, notes) and status in {"200", "201", "202", "2XX"}:
                notes.add("incomplete", where, "no content is documented: it is not parsed")


def _successes(operation: Operation, notes: Notes) -> Object:
    found: Object = {}
    for status, response in child(operation.node, "responses").items():
        match = re.match(r"\s*([1-5])(\d\d|xx)(?!\d)", status, re.IGNORECASE)
        plain = f"{match[1]}{match[2].upper()}" if match else status
        if plain != status:
            notes.add("adjusted", operation.name, f"status `{status}` treated as {plain}")
        found.setdefault(plain, {"description": ""} | (response if is_object(response) else {}))
    kept = {key: value for key, value in found.items() if re.fullmatch(r"2(\d\d|XX)", key)}
    # If only `default` is documented, it describes the success.
    kept = kept or {key: value for key, value in found.items() if key == "default"}
    if not kept:
        notes.add("incomplete", operation.name, "no success response is documented: the call returns None")
    return kept


def _media_types(owner: Object, where: str, notes: Notes) -> Object:
    """Normalise the media types of a request body or response: lower case, no parameters, JSON first."""
    result: Object = {}
    for media_type, media in child(owner, "content").items():
        plain = media_type.partition(";")[0].strip().lower()
        plain = _JSON if plain in _ALIASES else plain
        if plain != media_type:
            notes.add("adjusted", where, f"media type `{media_type}` treated as {plain}")
        found = result.setdefault(plain, media if is_object(media) else {})
        if "schema" not in found:
            found["schema"] = {}
            notes.add("adjusted", where, f"{plain} without a schema treated as any value")
    if result:
        # The generator takes the first media type that it knows.
        owner["content"] = dict(sorted(result.items(), key=lambda pair: pair[0] != _JSON))
    return result
