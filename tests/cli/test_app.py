"""The command as a whole: help, pipes, interrupts, completion, what it imports."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from mijnklantportaal import __version__
from mijnklantportaal.cli import main
from mijnklantportaal.cli.app import app
from mijnklantportaal.sandbox import Sandbox, by_page, faults
from tests import processes
from tests.cli.helpers import COMMAND, INTERRUPTED_COMMAND, Ran, environment, point_to, run
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    Invoke = Callable[..., Ran]

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def test_help_and_version(invoke: Invoke) -> None:
    assert invoke() == invoke("--help") == invoke("-h")
    assert "130  interrupted" in invoke("--help").out
    assert "The API cannot filter" in invoke("customers", "--help").out
    assert invoke("--version").out == f"mijnklantportaal, version {__version__}\n"


@pytest.mark.parametrize("command", [[], *([name] for name in app.commands)])
def test_every_command_has_a_short_help_and_no_line_is_cut_at_80_columns(command: list[str]) -> None:
    done = run(*command, "-h", COLUMNS="80")
    assert (done.status, done.err) == (0, "")
    assert "..." not in done.out.partition("\n")[2]
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("mijnklantportaal", ""),
        ("mijnklantportaal.contract", " check"),
        ("mijnklantportaal.sandbox", " sandbox"),
    ],
)
def test_it_is_one_command_however_it_is_started(module: str, command: str) -> None:
    done = processes.run(
        [sys.executable, "-m", module, "--help"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"Usage: mijnklantportaal{command} [OPTIONS]")


def test_no_command_has_an_option_that_it_ignores(invoke: Invoke) -> None:
    assert {"--sandbox", "--api-key-file", "--quiet"}.isdisjoint(invoke("sandbox", "-h").out.split())
    assert {"--quiet", "--timeout"}.isdisjoint(invoke("config", "-h").out.split())


def test_a_mistyped_command_is_one_line_with_a_suggestion(invoke: Invoke) -> None:
    done = invoke("custmers")
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    if Version(version("click")) >= Version("8.4"):  # older ones do not
        assert "Did you mean 'customers'?" in done.err


def test_help_imports_click_and_no_more() -> None:
    code = """
import sys
from mijnklantportaal.cli.app import run
run(["customers", "--help"])
slow = {"httpx", "attrs", "attr", "rich", "dateutil", "mijnklantportaal_api", "zoneinfo", "asyncio", "json"}
sys.exit(" ".join(slow & sys.modules.keys()))
"""
    done = processes.run(
        [sys.executable, "-c", code],
        env=processes.unmeasured(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr.strip(), "Usage:" in done.stdout) == ("", True)


def test_a_missing_extra_is_one_line() -> None:
    code = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {"click", "rich"} else found(name, *rest)
from mijnklantportaal.cli import main
main()
"""
    done = processes.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    needs = "the extra cli is not installed (missing: click, rich)"
    assert done.stderr == f'Error: {needs}: pip install "mijnklantportaal[cli]"\n'


def test_ctrl_c_before_the_command_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mijnklantportaal.cli.app.run", interrupted)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 130


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_closed_pipe_is_no_error_and_stops_fetching(kind: str) -> None:
    with Sandbox(customers=4000, limit=None) as sandbox:
        with processes.started(
            [*COMMAND, "customers", "--format", kind],
            env=environment(**point_to(sandbox)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            assert process.stderr
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(PATIENCE) == 0
        assert len(sandbox.requests) < 4000 / 15


@posix
@pytest.mark.parametrize("kind", ["table", "json"])
def test_a_pipe_closed_before_the_first_byte(kind: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with Sandbox(customers=3) as sandbox:
        done = processes.run(
            [*COMMAND, "customers", "--format", kind],
            env=environment(**point_to(sandbox)),
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize("command", [["config"], ["--version"]])
def test_a_closed_pipe_is_no_error_for_any_command(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = processes.run(
        [*COMMAND, *command], env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv"])
def test_a_full_disk_is_one_line(kind: str) -> None:
    with Sandbox(customers=3) as sandbox, open("/dev/full", "w") as full:
        done = processes.run(
            [*COMMAND, "customers", "--format", kind],
            env=environment(**point_to(sandbox)),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == b"Error: No space left on device."
    assert len(done.stderr.splitlines()) == 1


@posix
def test_ctrl_c_says_how_to_resume() -> None:
    with Sandbox(customers=40, faults=by_page({2: faults.Delay(3600)})) as sandbox:
        with processes.started(
            [*INTERRUPTED_COMMAND, "customers", "--limit", "30"],
            env=processes.unmeasured(environment(**point_to(sandbox))),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(15)]
            process.send_signal(signal.SIGINT)
            rest, err = process.communicate(timeout=PATIENCE)
        assert [json.loads(line)["id"] for line in lines] == sandbox.ids()[:15]
        assert (process.returncode, rest) == (130, b"")
        # Whether the first page was known to be complete depends on when the signal comes.
        assert re.fullmatch(
            r"Interrupted\. To resume( \(repeats the last 15 customers\))?: mijnklantportaal customers "
            r"--start-page (1 --limit 30|1\.\S+ --limit 15)\n",
            err.decode(),
        )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    script = run(_MIJNKLANTPORTAAL_COMPLETE=f"{shell}_source")
    assert (script.status, script.err) == (0, "")
    assert "_MIJNKLANTPORTAAL_COMPLETE" in script.out
    words = {"COMP_WORDS": "mijnklantportaal customers --form", "COMP_CWORD": "2"}
    if shell == "fish":
        words["COMP_CWORD"] = "--form"
    completed = run(_MIJNKLANTPORTAAL_COMPLETE=f"{shell}_complete", **words)
    assert "--format" in completed.out


@pytest.mark.parametrize("option", ["--output", "--api-key-file"])
def test_a_file_is_completed(option: str) -> None:
    words = {"COMP_WORDS": f"mijnklantportaal customers {option} ", "COMP_CWORD": "3"}
    assert run(_MIJNKLANTPORTAAL_COMPLETE="bash_complete", **words).out.split() == ["file,"]
