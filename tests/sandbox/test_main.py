"""`python -m mijnklantportaal.sandbox`, and the message where an extra is missing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests import processes
from tests.processes import PATIENCE

COMMAND = [sys.executable, "-m", "mijnklantportaal.sandbox"]
MESSAGE = 'the extra sandbox is not installed (missing: faker): pip install "mijnklantportaal[sandbox]"'


def test_it_serves_until_ctrl_c() -> None:
    command = [*COMMAND, "--customers=3", "--limit=0", "--seed=1", "--window=2", "--latency=0.001"]
    with processes.started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(2)]
        assert all(line.startswith("export MIJNKLANTPORTAAL_") for line in lines)
        exported = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        headers = {"Authorization": f"Bearer {exported['MIJNKLANTPORTAAL_API_KEY']}"}
        response = httpx.get(
            f"{exported['MIJNKLANTPORTAAL_BASE_URL']}/customers", headers=headers, trust_env=False
        )
        assert len(response.json()["data"]) == 3
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0


def test_a_bad_option_is_one_line() -> None:
    ran = processes.run([*COMMAND, "--customers=-1"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.startswith("Error: Invalid value for '--customers': ")
    assert len(ran.stderr.splitlines()) == 1


@pytest.fixture
def without_faker(tmp_path: Path) -> dict[str, str]:
    """An environment in which Faker is not installed."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['faker'] = None\n")
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def test_a_missing_extra_is_named(without_faker: dict[str, str]) -> None:
    code = "try: import mijnklantportaal.sandbox\nexcept ImportError as error: print(error)"
    ran = processes.run(
        [sys.executable, "-c", code], env=without_faker, capture_output=True, text=True, check=True
    )
    assert ran.stdout == MESSAGE + "\n"


def test_a_missing_extra_is_one_line_on_the_command_line(without_faker: dict[str, str]) -> None:
    ran = processes.run(COMMAND, env=without_faker, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"Error: {MESSAGE}\n")
