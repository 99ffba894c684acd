"""What the tools share: the shape of a JSON tree, and the error that a person is meant to read."""

from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]


class ToolError(Exception):
    """A cause that is shown to a person as it is: one line, no traceback."""


def is_object(node: Json) -> TypeGuard[Object]:
    """Tell whether a node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    """Tell whether a node is a JSON array."""
    return isinstance(node, list)


def copy(node: Json) -> Json:
    """Copy a tree so that no two places share a node (`copy.deepcopy` would keep YAML's aliases shared)."""
    if is_object(node):
        return {key: copy(value) for key, value in node.items()}
    if is_array(node):
        return [copy(item) for item in node]
    return node
