"""What the client was generated from, as the generated package records it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, cast


def fields() -> tuple[str, ...]:
    """The documented fields of a customer, by the API's names and in its order."""
    return tuple(_read("openapi.json")["components"]["schemas"]["Customer"]["properties"])


def server() -> str:
    """The base URL that the document names."""
    return cast("str", _read("openapi.json")["servers"][0]["url"])


def provenance() -> dict[str, str]:
    """The document's hash, and the generator with its version."""
    return _read("provenance.json")


def _read(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(files("mijnklantportaal_api").joinpath(name).read_bytes()))
