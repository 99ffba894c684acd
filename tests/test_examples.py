"""Every example runs as a user would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support import KEY, answer, page, serving

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(example: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("MIJNKLANTPORTAAL_")
    }
    return subprocess.run(
        [sys.executable, str(EXAMPLES / example)],
        env=inherited | {"PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_without_a_key_the_sandbox_is_listed() -> None:
    done = run("list_customers.py")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "sandbox" in lines[0]
    assert len([line for line in lines if line.startswith("cst_")]) == 10
    assert lines[-2] == "… and 90 more"
    assert re.fullmatch(r"100 customers, 7 pages, \d+\.\d\d s", lines[-1])


def test_with_a_key_its_portal_is_listed() -> None:
    with serving(page(1, ["cst_1"], more=True), page(2, ["cst_2"], more=False)) as wire:
        done = run("list_customers.py", MIJNKLANTPORTAAL_API_KEY=KEY, MIJNKLANTPORTAAL_BASE_URL=wire.base_url)
        assert (done.returncode, done.stderr) == (0, "")
        assert wire.base_url in done.stdout.splitlines()[0]
        assert "cst_2                -" in done.stdout
        assert done.stdout.splitlines()[-1].startswith("2 customers, 2 pages, ")
        assert KEY not in done.stdout


def test_an_error_is_one_line_and_a_status() -> None:
    with serving(answer({"message": "Unauthenticated."}, status=401)) as wire:
        done = run("list_customers.py", MIJNKLANTPORTAAL_API_KEY=KEY, MIJNKLANTPORTAAL_BASE_URL=wire.base_url)
        assert done.returncode == 1
        assert done.stderr.startswith(
            "error: GET /v1/customers (page 1): 401 Unauthorized: Unauthenticated. Check"
        )
        assert len(done.stderr.splitlines()) == 1
