"""Draws values that a schema allows, with schemathesis."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis import strategies as st

    from mijnklantportaal.document import Document

Json = Any
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT")


def drawn(schema: Json, document: Document) -> st.SearchStrategy[Json]:
    """Returns a strategy for the values that a schema of a document allows."""
    import schemathesis  # takes long, and only the slow tests call this

    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": ""}}}
    contents = document.contents | {"paths": {"/drawn": {"post": operation}}}
    cases = schemathesis.openapi.from_dict(contents)["/drawn"]["POST"].as_strategy()
    return cases.map(lambda case: case.body)


def meaning(value: Json) -> Json:
    """Returns the value with its dates as instants, to compare before and after a round trip."""
    if isinstance(value, dict):
        return {key: meaning(each) for key, each in value.items()}
    if isinstance(value, list):
        return [meaning(each) for each in value]
    if isinstance(value, str) and DATE_TIME.match(value):
        return datetime.fromisoformat(value)
    return value
