"""Creates the peers' environments under `.bench/`, with pinned versions, as users would install them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.roster import Environment

ROOT = Path(__file__).parent.parent
BENCH = ROOT / ".bench"
PINS = Path(__file__).parent / "requirements.txt"
DOCUMENT = ROOT / "generated" / "mijnklantportaal_api" / "openapi.json"
PROVENANCE = DOCUMENT.with_name("provenance.json")
OPENAPI_GENERATOR = Environment("openapi-generator", "openapi-generator-cli")
TOOLS = [
    "respx",
    "pytest-httpx",
    "vcrpy",
    "opentelemetry-sdk",
    *(f"opentelemetry-instrumentation-{each}" for each in ("httpx", "requests", "urllib3", "aiohttp-client")),
]
RAW_PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "mijnklantportaal_api"
version = "1.0.0"
dependencies = ["attrs", "httpx"]
"""


class NotInstalledError(Exception):
    """This peer cannot be installed on this machine; the text says why."""


def python(environment: Environment) -> Path:
    """Returns the interpreter of an environment."""
    return BENCH / "environments" / environment.name / "bin" / "python"


def make(environment: Environment) -> None:
    """Creates an environment, unless it exists and is up to date.

    Raises:
        NotInstalledError: It cannot be created.
    """
    folder = BENCH / "environments" / environment.name
    stamp, wanted = folder / "stamp.json", _fingerprint(environment)
    if python(environment).exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Making the environment {environment.name} …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder)
    distribution = _source(environment)
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder / "wheel"), distribution)
    (wheel,) = (folder / "wheel").glob("*.whl")
    _pip("--python", str(python(environment)), "install", str(wheel), *environment.beside.split())
    stamp.write_text(wanted)


def tools() -> Path:
    """Installs the tools of requirements.in into a folder, to be added to `sys.path`, and returns it."""
    folder = BENCH / "tools"
    stamp, wanted = folder / "stamp.txt", PINS.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _pip("install", "--target", str(folder), *TOOLS)
        stamp.write_text(wanted)
    return folder


def wheel_kib(environment: Environment) -> float:
    """Returns the size of the distribution's wheel in KiB."""
    (wheel,) = (BENCH / "environments" / environment.name / "wheel").glob("*.whl")
    return wheel.stat().st_size / 1024


def versions(environment: Environment) -> dict[str, str]:
    """Returns the distributions of an environment with versions; the one it was made for comes first."""
    listed = json.loads(_pip("--python", str(python(environment)), "list", "--format", "json"))
    found = {_name(each["name"]): str(each["version"]) for each in listed}
    found = {name: version for name, version in found.items() if name not in {"pip", "setuptools"}}
    own = _name(environment.distribution)
    return {own: found.pop(own), **found}


def made_of(environment: Environment) -> dict[str, str]:
    """Returns what a peer consists of, with versions: first what generated it, or its distribution."""
    found = versions(environment)
    if environment.source in {"", "ours"}:
        return found
    del found[_name(environment.distribution)]
    if environment.source == "raw":
        generator, _, version = json.loads(PROVENANCE.read_text())["generator"].partition(" ")
        return {generator: version, **found}
    name = OPENAPI_GENERATOR.distribution
    return {name: versions(OPENAPI_GENERATOR)[name], **found}


def _name(name: str) -> str:
    return name.lower().replace("_", "-")


def _source(environment: Environment) -> str:
    """Returns what pip builds the wheel from: a name, or a folder that is filled here."""
    if not environment.source:
        return environment.distribution
    if environment.source == "ours":
        return str(ROOT)
    folder = BENCH / "generated" / environment.name
    shutil.rmtree(folder, ignore_errors=True)
    if environment.source == "raw":
        shutil.copytree(DOCUMENT.parent, folder / DOCUMENT.parent.name)
        (folder / "pyproject.toml").write_text(RAW_PROJECT)
    else:
        if not shutil.which("java"):
            raise NotInstalledError("needs Java")
        make(OPENAPI_GENERATOR)
        generator = python(OPENAPI_GENERATOR).with_name("openapi-generator-cli")
        options = ["-g", "python", "--library", environment.source]
        _output(generator, "generate", *options, "-i", DOCUMENT, "-o", folder)
    return str(folder)


def _fingerprint(environment: Environment) -> str:
    sources = [PINS, DOCUMENT]
    if environment.source in {"ours", "raw"}:
        sources += [ROOT / "pyproject.toml", *sorted(DOCUMENT.parent.rglob("*.py"))]
    if environment.source == "ours":
        sources += sorted((ROOT / "src").rglob("*.py"))
    content = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return json.dumps([sys.version, str(environment), RAW_PROJECT, content])


def _pip(*arguments: str) -> str:
    return _output(sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments)


def _output(*command: str | Path) -> str:
    """Runs a command and returns its output; pip uses the pinned versions, also to build."""
    variables = {**os.environ, "PIP_CONSTRAINT": str(PINS)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: with byte code
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        tool = "pip" if "pip" in command else Path(command[0]).name
        raise NotInstalledError(f"{tool} could not make it")
    return done.stdout
