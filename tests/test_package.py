"""The wheel in a fresh environment, as users install it: `make check-package`."""

from __future__ import annotations

import email
import hashlib
import os
import sys
import tarfile
import time
import venv
import zipfile
from pathlib import Path

import pytest

from mijnklantportaal.sandbox import Sandbox
from tests import processes
from tests.prose import links

pytestmark = pytest.mark.registry

ROOT = Path(__file__).parent.parent
OWN = {"attrs", "httpx"}
RUNTIME = OWN | {"anyio", "certifi", "h11", "httpcore", "idna", "typing-extensions"}


def output(*command: str | Path, status: int = 0, cwd: Path | None = None) -> str:
    done = processes.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return f"{done.stdout}{done.stderr}"


def fresh_python(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def install(python: Path, wheel: str | Path) -> None:
    output(python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "requirements-dev.txt", wheel)


def build(source: Path, folder: Path, **environment: str) -> None:
    command: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source]
    processes.run(command, env={**os.environ, **environment}, capture_output=True, check=True)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of this tree, and the wheel made from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def python(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with only the wheel and its dependencies."""
    python = fresh_python(tmp_path_factory.mktemp("user"))
    (wheel,) = dist.glob("*.whl")
    install(python, wheel)
    return python


def test_the_wheel_brings_no_more_than_it_needs(python: Path) -> None:
    lines = output(python, "-m", "pip", "list", "--format=freeze", "--exclude=pip", "--exclude=setuptools")
    installed = {line.partition("==")[0].lower().replace("_", "-") for line in lines.split() if "==" in line}
    assert installed - {"mijnklantportaal"} <= RUNTIME
    assert "mijnklantportaal" in installed


def test_it_imports_without_a_warning(python: Path, tmp_path: Path) -> None:
    output(python, "-W", "error", "-c", "import mijnklantportaal, mijnklantportaal_api", cwd=tmp_path)


def test_it_lists_from_a_sandbox_that_runs_elsewhere(python: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from mijnklantportaal import MijnKlantportaal\n"
        "with MijnKlantportaal(api_key=sys.argv[1], base_url=sys.argv[2]) as portal:\n"
        "    print(*[customer.id for customer in portal.list_customers()])"
    )
    with Sandbox(customers=40) as sandbox:
        listed = output(python, "-W", "error", "-c", code, sandbox.api_key, sandbox.base_url, cwd=tmp_path)
        assert listed.split() == list(sandbox.ids())


def test_it_is_typed(python: Path, tmp_path: Path) -> None:
    copy = tmp_path / "positive.py"
    copy.write_bytes((ROOT / "tests/typing/positive.py").read_bytes())
    found = output(
        sys.executable, "-m", "mypy", "--strict", "--python-executable", python, copy, cwd=tmp_path
    )
    assert "Success: no issues found in 1 source file" in found


def test_a_missing_extra_is_one_line_that_names_it(python: Path, tmp_path: Path) -> None:
    message = output(python, "-m", "mijnklantportaal.sandbox", status=2, cwd=tmp_path)
    assert len(message.splitlines()) == 1
    assert 'pip install "mijnklantportaal[sandbox]"' in message


def test_without_its_extra_the_command_is_one_line_that_names_it(python: Path, tmp_path: Path) -> None:
    command = python.with_name(f"mijnklantportaal{python.suffix}")
    message = output(command, "customers", status=2, cwd=tmp_path)
    assert len(message.splitlines()) == 1
    assert 'pip install "mijnklantportaal[cli]"' in message


def test_the_command_runs_with_its_extras_only(dist: Path, tmp_path: Path) -> None:
    python = fresh_python(tmp_path / "user")
    (wheel,) = dist.glob("*.whl")
    install(python, f"{wheel}[cli,sandbox]")
    command = python.with_name(f"mijnklantportaal{python.suffix}")
    listed = output(command, "customers", "--sandbox", "--created-since", "1 mrt 2014", cwd=tmp_path)
    assert len(listed.splitlines()) > 50
    assert "20 customers, 2 pages" in output(
        command, "customers", "--sandbox", "--format", "table", "--limit", "20", cwd=tmp_path
    )
    assert "openapi-python-client" in output(command, "config", cwd=tmp_path)
    assert "Usage:" in output(python, "-W", "error", "-m", "mijnklantportaal", "--help", cwd=tmp_path)


def test_what_is_in_the_wheel(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "mijnklantportaal",
        "mijnklantportaal_api",
    }
    assert {
        "mijnklantportaal/py.typed",
        "mijnklantportaal_api/py.typed",
        "mijnklantportaal_api/openapi.json",
    } <= set(names)


def test_what_is_in_the_sdist(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "openapi.yaml",
        "overlay.yaml",
        "generator-config.yml",
        "Makefile",
        "tools/regenerate/generate.py",
    } <= names
    assert {"examples/README.md", "examples/own_tests/my_app.py"} <= names
    assert not [name for name in names if name.startswith((".venv", "dist"))]


def test_the_same_commit_gives_the_same_bytes(tmp_path: Path) -> None:
    """So anybody can compare what is published with its source."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository")
    built = []
    for name, mask, age, zone in [
        ("here", 0o022, 0, "UTC"),
        ("else/where", 0o077, 86_400, "Pacific/Auckland"),
    ]:
        before = os.umask(mask)
        try:
            output("git", "clone", "--quiet", ROOT, tmp_path / name)
            for path in (tmp_path / name).rglob("*"):
                os.utime(path, (time.time() - age,) * 2)
            build(tmp_path / name, tmp_path / name / "dist", TZ=zone, PYTHONHASHSEED=str(age))
        finally:
            os.umask(before)
        files = sorted((tmp_path / name / "dist").iterdir())
        built.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert len(built[0]) == 2
    assert built[0] == built[1]


def test_an_index_takes_it(dist: Path) -> None:
    output(sys.executable, "-m", "twine", "check", "--strict", *dist.iterdir())


def test_the_wheel_holds_what_the_source_holds_and_no_more(dist: Path) -> None:
    output(sys.executable, "-m", "check_wheel_contents", *dist.glob("*.whl"), cwd=ROOT)


def test_what_is_said_of_it_is_complete(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    said = email.message_from_bytes(archive.read(name))
    for field in ("Summary", "Author", "License-Expression", "License-File", "Keywords", "Requires-Python"):
        assert said[field], field
    assert len(said["Summary"]) < 200
    assert said["Description-Content-Type"] == "text/markdown"
    described = said.get_payload(decode=True)
    assert isinstance(described, bytes)
    assert [link for link in links(described.decode()) if not link.startswith("https://")] == []
    assert said.get_all("Project-URL")
