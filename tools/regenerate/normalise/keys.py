"""Keys become strings: `200:` is a number in YAML."""

import json

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, copy, is_array, is_object
from tools.regenerate.walk import Place, shown


def with_string_keys(document: Object, notes: Notes) -> Object:
    """Copy the document with keys that are strings; of two that become the same, the first counts."""
    result: Object = _copied(document, (), notes)
    return result


def _copied(node: Json, place: Place, notes: Notes) -> Json:
    if is_array(node):
        return [_copied(item, (*place, str(index)), notes) for index, item in enumerate(node)]
    if not is_object(node):
        return copy(node)
    result: Object = {}
    key: Json  # YAML has keys of other types
    for key, value in node.items():
        name = key if isinstance(key, str) else json.dumps(key)
        if name in result:
            notes.say(
                "dropped", shown((*place, name)), "the key stands here twice, once as a string and once not"
            )
        else:
            result[name] = _copied(value, (*place, name), notes)
    return result
