"""Runs an example as its docstring says, in a separate process, with a sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mijnklantportaal.sandbox import Sandbox
from tests import processes
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import ModuleType

    Start = Callable[..., AbstractContextManager[subprocess.Popen[str]]]

EXAMPLES = Path(__file__).parents[2] / "examples"


class Ran(NamedTuple):
    """How an example ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A portal of 40 customers (three pages)."""
    with Sandbox(customers=40, limit=None) as served:
        yield served


@pytest.fixture
def environment(sandbox: Sandbox) -> dict[str, str]:
    """The environment of an example: the sandbox's portal, and none of the developer's own settings."""
    own = ("MIJNKLANTPORTAAL_", "PYTEST_", "DLT_", "DESTINATION__", "RUNTIME__", "LOAD__")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {
        **inherited,
        "MIJNKLANTPORTAAL_API_KEY": sandbox.api_key,
        "MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url,
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Starts an example in an empty folder; a warning is an error."""

    def start(name: str, *arguments: str) -> AbstractContextManager[subprocess.Popen[str]]:
        return processes.started(
            [sys.executable, "-W", "error", EXAMPLES / name, *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    return start


@pytest.fixture
def run(start: Start) -> Callable[..., Ran]:
    """Runs an example to its end."""

    def run(name: str, *arguments: str) -> Ran:
        with start(name, *arguments) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return Ran(process.returncode, out, err)

    return run


@pytest.fixture
def example() -> Callable[[str], ModuleType]:
    """Imports an example as a module, without running its main part."""

    def example(name: str) -> ModuleType:
        spec = spec_from_file_location(Path(name).stem, EXAMPLES / name)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return example
