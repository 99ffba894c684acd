"""Keys become strings: in YAML, `200:` is a number."""

import json

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, copy, is_array, is_object
from tools.regenerate.walk import Place, shown


def with_string_keys(document: Object, notes: Notes) -> Object:
    """Copy the document with string keys; of two that become equal, the first is used."""
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
            notes.say("dropped", shown((*place, name)), "duplicate key, once as a string and once not")
        else:
            result[name] = _copied(value, (*place, name), notes)
    return result
