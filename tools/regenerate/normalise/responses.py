"""Responses: successes only. The transport raises all others; with them, a call would return a union."""

import re

from tools.regenerate.normalise.bodies import media_types
from tools.regenerate.notes import Notes
from tools.regenerate.tree import Object, child, is_object
from tools.regenerate.walk import Operation, operations


def read_responses(document: Object, notes: Notes) -> None:
    """Normalise the success responses of each operation, and remove the others."""
    for each in operations(document):
        each.node["responses"] = kept = _successes(each, notes)
        for status, response in kept.items():
            kept[status] = {"description": ""} | (response if is_object(response) else {})
            _read(kept[status], status, each, notes)
        if not kept:
            notes.say("incomplete", each.name, "no success response is documented: the call returns None")


def _successes(operation: Operation, notes: Notes) -> Object:
    found: Object = {}
    for status, response in child(operation.node, "responses").items():
        match = re.match(r"\s*([1-5])(\d\d|xx)(?!\d)", status, re.IGNORECASE)
        plain = f"{match[1]}{match[2].upper()}" if match else status
        if plain != status:
            notes.say("adjusted", operation.name, f"status `{status}` treated as {plain}")
        found.setdefault(plain, response)
    kept = {key: value for key, value in found.items() if re.fullmatch(r"2(\d\d|XX)", key)}
    # If only `default` is documented, it describes the success.
    return kept or {key: value for key, value in found.items() if key == "default"}


def _read(response: Object, status: str, operation: Operation, notes: Notes) -> None:
    where = f"{operation.name}: response {status}"
    if "schema" in response and "content" not in response:
        response["content"] = {"application/json": {"schema": response.pop("schema")}}
        notes.say("adjusted", where, "`schema` outside `content` treated as that of JSON content")
    if not media_types(response, where, notes) and status in {"200", "201", "202", "2XX"}:
        notes.say("incomplete", where, "no content is documented: it is not parsed")
