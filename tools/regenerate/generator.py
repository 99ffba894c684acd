"""Runs openapi-python-client in a separate process, so that its output depends on its input only."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tools.regenerate.tree import ToolError


class GeneratorError(ToolError):
    """The generator failed, or ruff is missing."""


def run_generator(source: Path, config: Path, package: Path) -> None:
    """Generate a package from a document; `fit` reports what the generator warns about.

    Args:
        source: The document, in JSON.
        config: The generator's options.
        package: The folder to create.

    Raises:
        GeneratorError: One line with the cause.
    """
    # The hooks call ruff by its bare name: it must be this environment's, activated or not.
    scripts = sysconfig.get_path("scripts")
    if not shutil.which("ruff", path=scripts):
        raise GeneratorError(f"ruff must be installed for {sys.executable}")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("RUFF_", "PYTHON"))}
    environment |= {
        "PATH": os.pathsep.join([scripts, environment.get("PATH", os.defpath)]),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONSAFEPATH": "1",
        "TYPER_USE_RICH": "0",
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(source), "--config", str(config), "--output-path", str(package)]
    done = subprocess.run(  # noqa: S603 - no shell, and nothing of the document is in the command
        command,
        env=environment,
        cwd=source.parent,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode or "Skipping Integration" in done.stderr:
        cause = " ".join((done.stderr or done.stdout).split()).partition(" If you believe this was ")[0]
        raise GeneratorError(f"openapi-python-client: {cause or f'exit status {done.returncode}'}")
