"""Applies an OpenAPI Overlay 1.1 to a document.

Stricter than the specification in one point: an action that matches nothing is noted, unless it has
`x-on-no-match: ok`, because upstream has changed. `copy` is not supported.
"""

from typing import Annotated, Any, Final, Literal

from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StrictBool,
    ValidationError,
)

from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Json, Object, ToolError, copy, is_array, is_object

_RFC9535: Final = JSONPathEnvironment(strict=True)


class OverlayError(ToolError):
    """The overlay is invalid."""


class _MismatchError(Exception):
    """An action does not fit the document."""


def _query(target: str) -> str:
    try:
        _RFC9535.compile(target)
    except JSONPathError as error:
        raise ValueError(f"not an RFC 9535 JSONPath query: {error.message}") from error
    return target


class Action(BaseModel, extra="forbid"):
    """One action; its description is the evidence for the correction."""

    target: Annotated[str, AfterValidator(_query)]
    description: str = "no description"
    update: Any = None
    remove: StrictBool = False
    on_no_match: Literal["ok"] | None = Field(None, alias="x-on-no-match")


class Overlay(BaseModel):
    """An overlay; keys that do not matter here are ignored."""

    overlay: Annotated[str, Field(pattern=r"^1\.1\.\d+$")]
    actions: Annotated[list[Action], Field(min_length=1)]


def apply(document: Object, overlay: Json) -> tuple[Object, list[Note]]:
    """Apply the overlay's actions in order to a copy of the document.

    Returns:
        The copy, and notes of the actions that do not fit the document.

    Raises:
        OverlayError: The overlay is invalid.
    """
    return _applied(document, overlay)[:2]


def superfluous(document: Object, overlay: Json) -> list[str]:
    """List the actions that match but change nothing, because upstream has made the correction.

    Raises:
        OverlayError: The overlay is invalid.
    """
    return _applied(document, overlay)[2]


def _applied(document: Object, overlay: Json) -> tuple[Object, list[Note], list[str]]:
    result: Object = copy(document)
    notes, unneeded = Notes(), list[str]()
    for number, action in enumerate(_actions(overlay), start=1):
        words = action.description.split()
        name = f"overlay.yaml: action {number} ({' '.join(words[:8])}{' …' if len(words) > 8 else ''})"
        before: Object = copy(result)
        try:
            matched = _apply(result, action)
        except _MismatchError as error:
            result = before
            notes.add("incomplete", name, f"not applied: it {error}")
        else:
            if matched and result == before:
                unneeded.append(name)
    return result, notes, unneeded


def _actions(overlay: Json) -> list[Action]:
    try:
        return Overlay.model_validate(overlay).actions
    except ValidationError as error:
        cause = error.errors()[0]
        place = "/".join(str(part + 1 if isinstance(part, int) else part) for part in cause["loc"])
        raise OverlayError(": ".join(filter(None, ("overlay.yaml", place, cause["msg"])))) from error


def _apply(document: Object, action: Action) -> bool:
    """Apply an action, and return whether it matches anything."""
    # A node that the target selects twice is changed once.
    found = {match.parts: match for match in _RFC9535.finditer(action.target, document)}
    matches = list(found.values())
    if not matches and action.on_no_match != "ok":
        raise _MismatchError(
            "matches nothing: check what has changed in openapi.yaml, then correct or remove the action"
        )
    if action.remove:
        _remove(matches)
    elif "update" in action.model_fields_set:
        _update(matches, action.update)
    return bool(matches)


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
        new = [update] if is_array(match.obj) and not is_array(update) else update
        merged = _merged(match.obj, copy(new), match.path)
        if match.parent is not None:
            container: Json = match.parent.obj
            container[match.parts[-1]] = merged


def _merged(old: Json, new: Json, where: str) -> Json:
    """Merge into `old` if it is an object or an array; return the new value."""
    if _kind(old) != _kind(new):
        raise _MismatchError(f"at {where}, {_kind(new)} cannot be merged with {_kind(old)}")
    if is_object(old):
        for key, value in new.items():
            old[key] = _merged(old[key], value, f"{where}['{key}']") if key in old else value
        return old
    return old + new if is_array(old) else new


def _kind(node: Json) -> str:
    return "an object" if is_object(node) else "an array" if is_array(node) else "a primitive value"
