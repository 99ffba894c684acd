"""Reads the OpenAPI document that the client was generated from; nothing else reads openapi.json."""

from __future__ import annotations

import json
from functools import cache
from pkgutil import get_data
from typing import cast

from .operations import Document, Operation, Parameter
from .schemas import Json, Object, is_array, is_object

__all__ = [
    "Document",
    "Json",
    "Object",
    "Operation",
    "Parameter",
    "is_array",
    "is_object",
    "provenance",
    "shipped",
]


@cache
def shipped() -> Document:
    """Returns the document that the generated package was made from and contains."""
    return Document(_read("openapi.json"))


@cache
def provenance() -> Object:
    """Returns how the package was generated: the document's hash, the generator's version, and notes."""
    return _read("provenance.json")


def _read(name: str) -> Object:
    return cast("Object", json.loads(cast("bytes", get_data("mijnklantportaal_api", name))))
