"""Drops the keywords that the generator's own validation, a pydantic model, rejects."""

from typing import Final

from openapi_python_client.schema import OpenAPI
from pydantic import ValidationError

from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Json, Object, ToolError, is_array, is_object
from tools.regenerate.walk import METHODS, Place, leave_out, shown

_LIMIT: Final = 1000


def accept(document: Object) -> list[Note]:
    """Drop what the generator's validation rejects, and return notes of it.

    Raises:
        ToolError: The document itself is rejected, or too much of it.
    """
    notes = Notes()
    for _ in range(_LIMIT):
        try:
            OpenAPI.model_validate(document)
        except ValidationError as error:
            _drop(document, error, notes)
        else:
            return notes
    raise ToolError(f"openapi.yaml: the generator rejects more than {_LIMIT} keywords")


def _drop(document: Object, error: ValidationError, notes: Notes) -> None:
    """Drop the first keyword that is rejected; of schema and reference, the schema's error is used."""
    causes = error.errors(include_url=False, include_context=False)
    cause = next((each for each in causes if "Reference" not in each["loc"]), causes[0])
    place, why = _reached(document, cause["loc"]), cause["msg"]
    if not place:
        raise ToolError(f"openapi.yaml: {why}")
    if place[0] == "paths" and len(place) == 3 and place[2] in METHODS:
        leave_out(document, place[1], place[2])
        notes.add("left out", shown(place), f"invalid: {why}")
        return
    owner: Json = document
    for part in place[:-1]:
        owner = owner[int(part)] if is_array(owner) else owner[part]
    del owner[int(place[-1]) if is_array(owner) else place[-1]]
    notes.add("dropped", shown(place), f"invalid: {why}")


def _reached(document: Object, location: tuple[int | str, ...]) -> Place:
    """Return the place that an error's location leads to; parts that are not keys name the model."""
    node: Json = document
    place: Place = ()
    for part in location:
        if is_object(node) and part in node:
            node = node[str(part)]
        elif is_array(node) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            continue
        place = (*place, str(part))
    return place
