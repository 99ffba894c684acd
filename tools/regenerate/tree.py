"""What the tools share: the shape of a JSON tree, and the error that is shown to the user."""

import json
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]


class ToolError(Exception):
    """An error that is shown to the user as it is: one line, no traceback."""


def is_object(node: Json) -> TypeGuard[Object]:
    """Return whether a node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    """Return whether a node is a JSON array."""
    return isinstance(node, list)


def child(node: Json, key: str) -> Object:
    """Return the object at a key, or an empty one if there is none."""
    found = node.get(key) if is_object(node) else None
    return found if is_object(found) else {}


def children(node: Json, key: str) -> list[Json]:
    """Return the array at a key, or an empty one if there is none."""
    found = node.get(key) if is_object(node) else None
    return found if is_array(found) else []


def copy(node: Json) -> Json:
    """Copy a tree so that no two places share a node, as YAML's aliases do."""
    return json.loads(json.dumps(node))
