"""What a request sends, and the media types that it and the answers are written in."""

import re

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array, is_object
from tools.regenerate.walk import followed, operations


def read_bodies(document: Object, notes: Notes) -> None:
    """Read the bodies of requests; say which multipart fields are not sent as the API reads them."""
    for each in operations(document):
        body = each.node.get("requestBody")
        if not is_object(body):
            continue
        where = f"{each.name}: its body"
        content = media_types(body, where, notes)
        for media_type, media in content.items():
            if not is_object(media.get("schema")):
                media["schema"] = {}
                notes.say("read", where, f"{media_type} without a schema, as any value")
            if media_type == "multipart/form-data":
                for field in _lists(document, media["schema"]):
                    notes.say(
                        "incomplete",
                        where,
                        f"the list `{field}` is sent as parts of one name, see docs/multipart.md",
                    )


def media_types(owner: Object, where: str, notes: Notes) -> Object:
    """Read the media types of a body or an answer: lower case, without parameters, JSON first."""
    content: Json = owner.get("content")
    if not is_object(content):
        return {}
    result: Object = {}
    for media_type, media in content.items():
        plain = _plain(media_type)
        if plain != media_type:
            notes.say("read", where, f"the media type {media_type} as {plain}")
        result.setdefault(plain, media if is_object(media) else {})
    # The generator takes the first that it knows.
    owner["content"] = dict(sorted(result.items(), key=lambda pair: pair[0] != "application/json"))
    found: Object = owner["content"]
    return found


def _plain(media_type: str) -> str:
    plain = media_type.partition(";")[0].strip().lower()
    return (
        "application/json"
        if plain in {"*/*", "application/*", "text/json", "application/x-json", "json"}
        else plain
    )


def _lists(document: Object, unresolved: Json) -> list[str]:
    schema = followed(document, unresolved)
    properties = schema.get("properties") if is_object(schema) else None
    return [
        name
        for name, field in (properties.items() if is_object(properties) else ())
        if is_object(found := followed(document, field))
        and (found.get("type") == "array" or (is_array(found.get("type")) and "array" in found["type"]))
        and not re.search(r"\[\]$", name)
    ]
