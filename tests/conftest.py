"""Fixtures and settings for every test: no real waits, no deadline, and any document."""

from __future__ import annotations

import gc
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support import FakeClock, FakeTime
from tests.whole import as_json, whole_api
from tools.regenerate.effective import effective, load

pytest_plugins = ["pytester"]

settings.register_profile("default", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


ROOT = Path(__file__).parent.parent
CUSTOMERS = (ROOT / "tests" / "documents" / "customers.yaml").read_bytes()
GENERATED = json.loads((ROOT / "generated" / "mijnklantportaal_api" / "openapi.json").read_bytes())


def fields(document: Any) -> set[str]:
    return set(document["components"]["schemas"].get("Customer", {}).get("properties", ()))


# For each marker, whether the document has what its tests state; if not, the summary says so in one line.
HOLDS = {
    "document": (ROOT / "openapi.yaml").read_bytes() == CUSTOMERS,
    "customers": fields(GENERATED) == fields(load(CUSTOMERS, "customers.yaml")),
}
SKIPPED = {
    "document": "these tests state facts of tests/documents/customers.yaml, and openapi.yaml is another one",
    "customers": "these tests name the fields of a customer, and openapi.yaml has others",
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests that state facts of a different document."""
    for mark, holds in HOLDS.items():
        if not holds and item.get_closest_marker(mark):
            pytest.skip(SKIPPED[mark])


def pytest_configure() -> None:
    """Let SIGINT interrupt child processes, even if a shell started pytest in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Exclude what the collection has created from garbage collection, which is faster."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()


@pytest.fixture(autouse=True)
def fake_time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The time for every portal that the test creates."""
    time = FakeTime()
    monkeypatch.setattr("mijnklantportaal.transport.Clock", lambda on_wait: FakeClock(time, on_wait))
    return time


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The openapi.json of a client that is generated from the whole API."""
    pytest.importorskip("pydantic", reason="checks the overlay; the lowest versions are tested without it")
    document, _ = effective(as_json(whole_api()), (ROOT / "overlay.yaml").read_bytes())
    path = tmp_path_factory.mktemp("whole") / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
