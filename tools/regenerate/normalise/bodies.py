"""Request bodies, and the media types of requests and responses."""

from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Object, child, is_object
from tools.regenerate.walk import followed, operations, types

_JSON: Final = "application/json"
_ALIASES: Final = frozenset(["*/*", "application/*", "text/json", "application/x-json", "json"])


def read_bodies(document: Object, notes: Notes) -> None:
    """Normalise request bodies; note the multipart lists that are sent in a form the API does not read."""
    for each in operations(document):
        where = f"{each.name}: request body"
        form = media_types(child(each.node, "requestBody"), where, notes).get("multipart/form-data", {})
        properties = child(followed(document, form.get("schema")), "properties")
        for name, field in properties.items():
            if "array" in types(followed(document, field)) and not name.endswith("[]"):
                notes.say(
                    "incomplete", where, f"list `{name}` is sent as repeated parts: see docs/multipart.md"
                )


def media_types(owner: Object, where: str, notes: Notes) -> Object:
    """Normalise the media types of a request body or response: lower case, no parameters, JSON first."""
    result: Object = {}
    for media_type, media in child(owner, "content").items():
        plain = media_type.partition(";")[0].strip().lower()
        plain = _JSON if plain in _ALIASES else plain
        if plain != media_type:
            notes.say("adjusted", where, f"media type `{media_type}` treated as {plain}")
        found = result.setdefault(plain, media if is_object(media) else {})
        if "schema" not in found:
            found["schema"] = {}
            notes.say("adjusted", where, f"{plain} without a schema treated as any value")
    if result:
        # The generator takes the first media type that it knows.
        owner["content"] = dict(sorted(result.items(), key=lambda pair: pair[0] != _JSON))
    return result
