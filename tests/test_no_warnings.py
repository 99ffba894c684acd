"""The client causes no warnings: every warning is an error, in Python's development mode."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests import processes
from tests.cli.helpers import environment

if TYPE_CHECKING:
    from mijnklantportaal.sandbox import Sandbox

IMPORT_ALL = """
import importlib, pkgutil
for package in ("mijnklantportaal", "mijnklantportaal_api"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
"""
LIST_TWICE = """
import asyncio
from mijnklantportaal import AsyncMijnKlantportaal, MijnKlantportaal

async def listed():
    asyncio.get_running_loop().slow_callback_duration = 60  # how busy this machine is does not matter
    async with AsyncMijnKlantportaal() as portal:
        return [customer.id async for customer in portal.list_customers()]

with MijnKlantportaal() as portal:
    assert [customer.id for customer in portal.list_customers()] == asyncio.run(listed())
"""


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-c", IMPORT_ALL], id="every module"),
        pytest.param(["-c", LIST_TWICE], id="listing"),
        pytest.param(["-m", "mijnklantportaal", "--help"], id="help"),
        pytest.param(["-m", "mijnklantportaal", "customers"], id="the command"),
        pytest.param(["-m", "mijnklantportaal.contract"], id="the contract check"),
        pytest.param(["-m", "mijnklantportaal.sandbox", "--help"], id="the sandbox"),
    ],
)
def test_it_runs_without_a_warning(arguments: list[str], mijnklantportaal_sandbox: Sandbox) -> None:
    done = processes.run(
        [sys.executable, "-X", "dev", "-W", "error", *arguments],
        env=environment(
            MIJNKLANTPORTAAL_API_KEY=mijnklantportaal_sandbox.api_key,
            MIJNKLANTPORTAAL_BASE_URL=mijnklantportaal_sandbox.base_url,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not re.search("Warning|Traceback|ignored", done.stderr), done.stderr
