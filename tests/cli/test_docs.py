"""docs/cli.md: its help and its recipe for cells are correct. (test_snippets.py runs its examples.)"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mijnklantportaal.cli.cells import defused
from mijnklantportaal.sandbox import Sandbox
from tests import processes
from tests.cli.helpers import environment, point_to
from tools.docs.cli_help import PAGE, main, rendered

ROOT = Path(__file__).parents[2]
TEXT = PAGE.read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
(PYTHON,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)

posix = pytest.mark.skipif(os.name == "nt", reason="examples of POSIX shells")


def test_the_help_is_up_to_date() -> None:
    assert rendered(TEXT) == TEXT
    assert main(["--check"]) == 0


def test_every_command_is_documented() -> None:
    assert re.findall(r"^### (.+)$", TEXT, re.MULTILINE) == [
        "mijnklantportaal",
        *(f"mijnklantportaal {name}" for name in ("customers", "list", "config", "check", "sandbox")),
    ]


@given(st.text(alphabet="'=+-@ \t\r\n\u00a0\ufeff\uff1d1a", max_size=6) | st.text())
@example("''=1")
@example("'+31 20")
@example("'s-Hertogenbosch")
def test_the_recipe_restores_every_cell(cell: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(PYTHON, "cli.md", "exec"), names)
    assert names["restored"](defused(cell)) == cell


@posix
@pytest.mark.parametrize("own_key", [False, True])
def test_make_run_lists_a_portal(own_key: bool) -> None:
    with Sandbox(customers=22) as sandbox:
        done = processes.run(
            # In this environment, and without making another.
            ["make", "--no-print-directory", "--old-file=.venv/run", f"BIN={BIN}", "run"],
            cwd=ROOT,
            env=environment(**(point_to(sandbox) if own_key else {})),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        *rows, last = done.stdout.splitlines()
        assert len([row for row in rows if row.startswith("cst_")]) == 20
        assert last.startswith("20 customers, 2 pages, ")
        assert (sandbox.base_url in last) is own_key
        assert ("invented by the sandbox" in last) is not own_key
