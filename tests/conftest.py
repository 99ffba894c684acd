"""What holds for every test: nobody really waits, no deadline, and a document that may move on."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import FakeClock, FakeTime
from tools.regenerate.effective import effective

pytest_plugins = ["pytester"]

settings.register_profile("default", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


ROOT = Path(__file__).parent.parent
# The document whose facts the tests marked `document` state.
VENDORED = (ROOT / "openapi.yaml").read_bytes() == (
    ROOT / "tests" / "documents" / "customers.yaml"
).read_bytes()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, in one line of the summary, what is said of another document."""
    if not VENDORED and item.get_closest_marker("document"):
        pytest.skip(
            "states facts of tests/documents/customers.yaml, and openapi.yaml is another document by now"
        )


def pytest_configure() -> None:
    """Let SIGINT interrupt the children of the tests, also where a shell started pytest in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def fake_time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The time of every portal that the test makes."""
    time = FakeTime()
    monkeypatch.setattr("mijnklantportaal.transport.Clock", lambda on_wait: FakeClock(time, on_wait))
    return time


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The openapi.json of a client that is generated from the whole API."""
    upstream = (ROOT / "tests" / "documents" / "whole-api.yaml").read_bytes()
    document, _ = effective(upstream, (ROOT / "overlay.yaml").read_bytes())
    path = tmp_path_factory.mktemp("whole") / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
