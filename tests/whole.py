"""The whole API's document, parsed once: its YAML takes most of a second."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tools.regenerate.effective import load

YAML = (Path(__file__).parent / "documents" / "whole-api.yaml").read_bytes()


@cache
def _text() -> str:
    return json.dumps(load(YAML, "whole-api.yaml"))


def whole_api() -> Any:
    """The document, to be changed at will."""
    return json.loads(_text())


def as_json(document: Any) -> bytes:
    """A document as the tools read it; faster than YAML."""
    return json.dumps(document).encode()


def part(operations: dict[str, list[str]], schemas: set[str]) -> Any:
    """A document of these operations (methods by path) and schemas only."""
    document = whole_api()
    document["paths"] = {
        path: {method: document["paths"][path][method] for method in methods}
        for path, methods in operations.items()
    }
    named = document["components"]["schemas"]
    document["components"]["schemas"] = {name: named[name] for name in named if name in schemas}
    return document
