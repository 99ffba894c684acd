"""Every example of README.md and docs/ runs against the sandbox, and prints what the page says.

What cannot run here (installing, another system's shell) is only checked for syntax. A block in an unknown
language is an error, so that none is skipped.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import mijnklantportaal
import mijnklantportaal.contract
import mijnklantportaal.sandbox
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.state import State
from tests import processes
from tests.cli.helpers import environment
from tests.processes import PATIENCE
from tests.prose import ROOT, Block, blocks
from tests.support import FakeTime

BLOCKS = blocks()
SHELLS = ("sh", "bash", "zsh", "fish")
SLOW = {"docs/cli.md", "docs/regenerating.md"}  # pages with many commands
BIN = Path(sys.executable).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TOOLS = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools").glob("*.py"))

VARIABLES = {"MIJNKLANTPORTAAL_API_KEY", "MIJNKLANTPORTAAL_BASE_URL"}

posix = pytest.mark.skipif(os.name == "nt", reason="examples of POSIX shells")


def of(*languages: str) -> pytest.MarkDecorator:
    """The blocks in these languages; of those that are the same on several pages, one."""
    once = {(each.language, each.code, each.printed): each for each in reversed(BLOCKS) if not is_test(each)}
    return pytest.mark.parametrize(
        "block",
        [
            pytest.param(block, marks=[pytest.mark.slow] * (block.language in SHELLS and block.page in SLOW))
            for block in reversed(once.values())
            if block.language in languages
        ],
        ids=str,
    )


def is_test(block: Block) -> bool:
    return block.language == "python" and "def test_" in block.code


def assert_printed(block: Block, printed: str) -> None:
    """Check an output against the page, where … stands for any text."""
    if block.printed is not None:
        pattern = re.escape(block.printed.strip()).replace("…", ".*")
        assert re.fullmatch(pattern, printed.strip(), re.DOTALL), printed


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_its_language_is_one_that_is_tried(block: Block) -> None:
    assert block.language in {"python", "powershell", "toml", "yaml", *SHELLS}


@pytest.mark.customers
@of("python")
def test_python(
    block: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fake_time: FakeTime,
) -> None:
    defaults = State.__init__.__kwdefaults__
    assert defaults
    monkeypatch.setitem(defaults, "clock", fake_time)  # sandbox and portal share the time
    with Sandbox(customers=60) as sandbox:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.api_key)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
        monkeypatch.chdir(tmp_path)
        exec(compile(block.code, str(block), "exec"), {"__name__": "__main__"})
        asked = sandbox.requests or "Sandbox(" in block.code or " as portal:" not in block.code
        assert asked or block.printed  # it proves to have done something
    assert_printed(block, capsys.readouterr().out)


@pytest.mark.customers
def test_tests(tmp_path: Path) -> None:
    """Run the blocks of tests as a reader would; all in one pytest, because it takes a second to start."""
    for block in filter(is_test, BLOCKS):
        name = "test_" + re.sub(r"\W", "_", str(block))
        (tmp_path / f"{name}.py").write_text(block.code, encoding="utf-8")
    plugins = ["-p", "mijnklantportaal.pytest_plugin", "-p", "pytest_httpx"]
    done = processes.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "--strict-markers", *plugins],
        cwd=tmp_path,
        env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@posix
@pytest.mark.customers
@of(*SHELLS)
def test_shell(block: Block, tmp_path: Path) -> None:
    run_shell(block, tmp_path)


@posix
@pytest.mark.customers
@of("yaml")
def test_steps_of_a_workflow(block: Block, tmp_path: Path) -> None:
    workflow = YAML(typ="safe").load(block.code)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    script = "\n".join(step["run"] for step in steps if "run" in step)
    run_shell(Block(block.page, block.line, "sh", None, script), tmp_path)


@of("powershell")
def test_powershell_is_what_the_page_has_for_other_shells(block: Block) -> None:
    elsewhere = [each.code for each in BLOCKS if each.page == block.page and each.language == "sh"]
    ours = {line for code in elsewhere for line in code.splitlines()}
    for line in block.code.splitlines():
        assert line in {*ours, "py -m venv .venv", r".venv\Scripts\Activate.ps1"} or placeholder(line)


def run_shell(block: Block, folder: Path) -> None:
    """Run a block in a folder with the page's titled blocks as files, and a sandbox as the portal."""
    if not shutil.which(block.language):
        pytest.skip(f"there is no {block.language}")
    for each in BLOCKS:
        if each.page == block.page and each.title:
            (folder / each.title).write_text(each.code, encoding="utf-8")
    script = "\n".join(line for line in block.code.splitlines() if not set_up(line))
    serves = re.match(r"mijnklantportaal sandbox|python -m mijnklantportaal\.sandbox", script)
    if serves:
        script = f"exec {script}"  # Ctrl-C is then for it alone
    stops_at_a_failure = [] if block.language == "fish" else ["-e"]
    with Sandbox(customers=60, limit=None) as sandbox:
        with processes.started(
            [block.language, *stops_at_a_failure, "-c", script],
            env=environment(
                PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}",
                MIJNKLANTPORTAAL_API_KEY=sandbox.api_key,
                MIJNKLANTPORTAAL_BASE_URL=sandbox.base_url,
            ),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process:
            if serves:
                assert process.stdout
                assert process.stdout.readline().startswith("export MIJNKLANTPORTAAL_BASE_URL=")
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
            remarks = ("Checking ", "Recorded ")  # of the contract check
            errors = [line for line in err.splitlines() if not line.startswith(remarks)]
            assert (process.returncode, errors) == (0, [])
    assert_printed(block, out)


def set_up(line: str) -> bool:
    """Return whether a line installs or creates something, so that only its syntax is checked."""
    command = line.partition("#")[0].strip()
    if command.startswith("pip install "):
        found = re.fullmatch(r'pip install "?(?:mijnklantportaal|\.)(?:\[([\w,]+)\])?"?', command)
        assert found
        assert {*(found[1] or "cli").split(",")} <= {*PROJECT["optional-dependencies"]}
        return True
    if command.startswith("make "):
        target, *settings = command.removeprefix("make ").split()
        assert f"\n{target}:" in MAKEFILE
        assert all(re.fullmatch(r"[A-Z_]+=\S+", setting) for setting in settings)
        assert all(setting.partition("=")[0] in MAKEFILE + TOOLS for setting in settings)
        return True
    return command in {"python3 -m venv .venv", ". .venv/bin/activate"} or placeholder(command)


def placeholder(command: str) -> bool:
    """Return whether a command sets one of our variables to the reader's own value."""
    found = re.match(r"(?:export (\w+)=|\$env:(\w+) = )\"?[^\"]*…[^\"]*\"?(?: *#.*)?$", command)
    return found is not None and (found[1] or found[2]) in VARIABLES


def used() -> set[str]:
    """Return the names that the Python examples use, not only import."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for block in BLOCKS
        if block.language == "python"
        for node in ast.walk(ast.parse(block.code))
        if isinstance(node, ast.Name | ast.Attribute)
    }


@pytest.mark.parametrize("public", mijnklantportaal.__all__)
def test_every_public_name_is_in_an_example(public: str) -> None:
    assert public in used()


@pytest.mark.parametrize("module", [mijnklantportaal.sandbox, mijnklantportaal.contract])
def test_every_public_function_of_the_extras_is_in_an_example(module: object) -> None:
    functions = {each for each in module.__all__ if inspect.isfunction(getattr(module, each))}  # type: ignore[attr-defined]
    assert functions - used() == set()
