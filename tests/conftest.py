"""What holds for every test: nobody really waits, and hypothesis gives nobody a deadline."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests.support import FakeClock, FakeTime

pytest_plugins = ["pytester"]

settings.register_profile("default", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def fake_time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The time of every portal that the test makes."""
    time = FakeTime()
    monkeypatch.setattr("mijnklantportaal.portal.Clock", lambda on_wait: FakeClock(time, on_wait))
    return time
