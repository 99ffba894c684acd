"""Validates a body against a schema of the document, with jsonschema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from mijnklantportaal.document import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from mijnklantportaal.document import Document, Json

_URI = "urn:mijnklantportaal:openapi"
# Named one by one, so that what is checked does not depend on what else is installed.
_FORMATS = FormatChecker(["date", "date-time"])


class Validation:
    """Validates bodies against the schemas of a document."""

    def __init__(self, document: Document) -> None:
        resource = DRAFT202012.create_resource(document.contents)
        self._registry = Registry[Any]().with_resource(_URI, resource)

    def errors(self, body: Json, schema: Json) -> Iterator[ValidationError]:
        """Yields what the schema finds wrong with the body."""
        validator: Any = Draft202012Validator(
            _absolute(schema), registry=self._registry, format_checker=_FORMATS
        )
        yield from validator.iter_errors(body)


def _absolute(node: Json) -> Json:
    """Has each reference name the document, so that the schema can be used on its own."""
    if is_array(node):
        return [_absolute(item) for item in node]
    if not is_object(node):
        return node
    return {
        key: _URI + value if key == "$ref" and str(value).startswith("#") else _absolute(value)
        for key, value in node.items()
    }
