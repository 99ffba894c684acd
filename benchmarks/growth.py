"""Measures what the client costs as the document grows, from one operation to the 70 of the whole API."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.environments import ROOT
from benchmarks.workers import variables

ROUNDS = 9
WHOLE = ROOT / "tests" / "documents" / "whole-api.yaml"
PACKAGE = Path("generated", "mijnklantportaal_api")
OPENED = """
from mijnklantportaal import MijnKlantportaal
from mijnklantportaal_api.api.customers_api import list_customers
MijnKlantportaal(api_key="key", base_url="http://127.0.0.1:1/v1").list_customers()
"""
METHODS = {"get", "post", "put", "patch", "delete"}


def growth() -> list[dict[str, Any]]:
    """Measures `make generate`, importing the client and opening a portal, and the wheel."""
    return [_measured(document) for document in (ROOT / "openapi.yaml", WHOLE)]


def _measured(document: Path) -> dict[str, Any]:
    with TemporaryDirectory(prefix="mijnklantportaal-growth-") as folder:
        root = Path(folder)
        for name in ("overlay.yaml", "generator-config.yml", "pyproject.toml", "hatch_build.py", "README.md"):
            shutil.copy(ROOT / name, root)
        shutil.copy(ROOT / "LICENSE", root)
        shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(document, root / "openapi.yaml")
        (root / "generated").mkdir()
        generating = _seconds("-m", "tools.regenerate.generate", "--root", folder)
        search = os.pathsep.join([str(root / "src"), str(root / "generated")])
        _seconds("-c", OPENED, PYTHONPATH=search)  # writes byte code
        runs = [
            _seconds("-c", OPENED, PYTHONPATH=search) - _seconds("-c", "pass", PYTHONPATH=search)
            for _ in range(ROUNDS)
        ]
        _seconds("-m", "build", "--wheel", "--no-isolation", "--outdir", str(root / "dist"), folder)
        (wheel,) = (root / "dist").glob("*.whl")
        shipped = json.loads((root / PACKAGE / "openapi.json").read_text(encoding="utf-8"))
        return {
            "operations": sum(len(METHODS & path.keys()) for path in shipped["paths"].values()),
            "lines": sum(len(file.read_bytes().splitlines()) for file in (root / PACKAGE).rglob("*.py")),
            "generate": generating,
            "import": median(runs),
            "wheel_kib": wheel.stat().st_size / 1024,
        }


def _seconds(*arguments: str, **more: str) -> float:
    began = time.perf_counter()
    environment = variables() | more
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began
