"""What becomes of tests that state facts of a document which openapi.yaml has moved on from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

# The openapi.yaml whose facts the tests marked `document` state.
FACTS_OF = "d74591e9ee3cfa99a83fe6bbe238515782b60776bbef2402316159e7aee5e61a"
MOVED_ON = (
    "openapi.yaml has moved on from the document whose facts this test states: "
    "look whether they still hold, then set FACTS_OF in tests/conftest.py"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test of another document's facts fail: it runs, and the summary says what to do about it."""
    document = (Path(__file__).parent.parent / "openapi.yaml").read_bytes()
    if hashlib.sha256(document).hexdigest() == FACTS_OF:
        return
    for item in items:
        if item.get_closest_marker("document"):
            item.add_marker(pytest.mark.xfail(reason=MOVED_ON, strict=False))
