"""The type checkers infer the types in typing/positive.py, and reject typing/negative.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import processes

ROOT = Path(__file__).parent.parent


@pytest.mark.outside
@pytest.mark.customers
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_typing(checker: str) -> None:
    done = processes.run(
        [sys.executable, "-m", checker, "tests/typing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
