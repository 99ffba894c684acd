"""Applies an OpenAPI Overlay 1.1 to a document.

Stricter than the specification in one point: an action that matches nothing is noted, unless it has
`x-on-no-match: ok`, because upstream has changed. `copy` is not supported.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch

from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Json, Object, ToolError, copy, is_array, is_object

_RFC9535: Final = JSONPathEnvironment(strict=True)
_ACTION_KEYS: Final = frozenset(["target", "description", "update", "remove"])


class OverlayError(ToolError):
    """The overlay is invalid."""


class _MismatchError(Exception):
    """An action does not fit the document."""


def apply(document: Object, overlay: Json) -> tuple[Object, list[Note]]:
    """Apply the overlay's actions in order to a copy of the document.

    Returns:
        The copy, and notes of the actions that do not fit the document.

    Raises:
        OverlayError: An action is invalid.
    """
    result: Object = copy(document)
    notes = Notes()
    for name, action in _named(overlay):
        before: Object = copy(result)
        try:
            _apply_action(result, action, name)
        except _MismatchError as error:
            result = before
            notes.say("incomplete", name, f"not applied: it {error}")
    return result, notes


def superfluous(document: Object, overlay: Json) -> list[str]:
    """List the actions that match but change nothing, because upstream now says the same.

    Raises:
        OverlayError: As `apply` does.
    """
    result: Object = copy(document)
    found: list[str] = []
    for name, action in _named(overlay):
        before: Object = copy(result)
        with suppress(_MismatchError):
            if _apply_action(result, action, name) and result == before:
                found.append(name)
    return found


def _named(overlay: Json) -> Iterator[tuple[str, Json]]:
    actions = _actions(overlay)
    for number, action in enumerate(actions, start=1):
        yield f"overlay.yaml: action {number} of {len(actions)}{_words(action)}", action


def _actions(overlay: Json) -> list[Json]:
    if not is_object(overlay):
        raise OverlayError("overlay.yaml: not a mapping")
    version = overlay.get("overlay")
    if not (isinstance(version, str) and re.fullmatch(r"1\.1\.\d+", version)):
        raise OverlayError(f"overlay.yaml: `overlay` must be a version such as '1.1.0', not {version!r}")
    actions = overlay.get("actions")
    if not is_array(actions) or not actions:
        raise OverlayError("overlay.yaml: `actions` must be a list with at least one action")
    return actions


def _apply_action(document: Object, action: Json, name: str) -> bool:
    """Apply an action, and return whether it matches anything."""
    try:
        return _applied(document, action)
    except OverlayError as error:
        raise OverlayError(f"{name}: {error}") from error


def _applied(document: Object, action: Json) -> bool:
    _check_shape(action)
    try:
        found = _RFC9535.compile(action["target"]).finditer(document)
        # A node that the target selects twice is changed once.
        matches = list({match.parts: match for match in found}.values())
    except JSONPathError as error:
        raise OverlayError(f"`target` is not an RFC 9535 JSONPath query: {error.message}") from error
    if not matches and action.get("x-on-no-match") != "ok":
        raise _MismatchError(
            "matches nothing: check what has changed in openapi.yaml, then correct or remove the action"
        )
    if action.get("remove", False):
        _remove(matches)
    elif "update" in action:
        _update(matches, action["update"])
    return bool(matches)


def _check_shape(action: Json) -> None:
    if not is_object(action):
        raise OverlayError("is not a mapping")
    if not isinstance(action.get("target"), str):
        raise OverlayError("`target` must be a string")
    unknown = [str(key) for key in action if key not in _ACTION_KEYS and not str(key).startswith("x-")]
    if unknown:
        raise OverlayError(f"`{unknown[0]}` is not supported")
    if not isinstance(action.get("remove", False), bool):
        raise OverlayError("`remove` must be true or false")
    if "update" not in action and "remove" not in action:
        raise OverlayError("has neither `update` nor `remove`")
    if action.get("x-on-no-match", "ok") != "ok":
        raise OverlayError("`x-on-no-match` can only be `ok`")


def _remove(matches: list[JSONPathMatch]) -> None:
    # From the end of each array to its start, so that the indexes of later matches stay valid.
    for match in sorted(matches, key=_index, reverse=True):
        if match.parent is None:
            raise _MismatchError("cannot remove the whole document")
        container: Json = match.parent.obj
        del container[match.parts[-1]]


def _index(match: JSONPathMatch) -> int:
    last = match.parts[-1] if match.parts else None
    return last if isinstance(last, int) else -1


def _update(matches: list[JSONPathMatch], update: Json) -> None:
    if len({_kind(match.obj) for match in matches}) > 1:
        raise _MismatchError("matches nodes of different kinds (objects, arrays, primitive values)")
    for match in matches:
        if is_array(match.obj) and not is_array(update):
            match.obj.append(copy(update))
            continue
        merged = _merged(match.obj, update, match.path)
        if match.parent is not None:
            container: Json = match.parent.obj
            container[match.parts[-1]] = merged


def _merged(old: Json, new: Json, where: str) -> Json:
    """Merge into `old` if it is an object or an array; return the new value."""
    if _kind(old) != _kind(new):
        raise _MismatchError(f"at {where}, {_kind(new)} cannot be merged with {_kind(old)}")
    if is_object(old):
        for key, value in new.items():
            old[key] = _merged(old[key], value, f"{where}['{key}']") if key in old else copy(value)
        return old
    if is_array(old):
        old.extend(copy(new))
        return old
    return new


def _kind(node: Json) -> str:
    return "an object" if is_object(node) else "an array" if is_array(node) else "a primitive value"


def _words(action: Json) -> str:
    if not is_object(action):
        return ""
    words = str(action.get("description", "no description")).split()
    return f" ({action.get('target')}; {' '.join(words[:8])}{' …' if len(words) > 8 else ''})"
