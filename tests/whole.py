"""The client of the whole API's document, made by the very pipeline that makes the committed one."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tools.regenerate.generate import CONFIG, ROOT, build

if TYPE_CHECKING:
    import pytest

DOCUMENT = ROOT / "tests" / "documents" / "whole-api.yaml"
PACKAGE = "whole_api"


def generated_whole(factory: pytest.TempPathFactory) -> Path:
    """Generate the package `whole_api`, with the project's overlay and options; once for all tests of a run.

    Its name differs from the committed package's, because that one is imported already.

    Returns:
        The folder to put on `sys.path`.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "whole"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        packages = folder / "packages"
        if not (folder / "done").exists():
            sources = folder / "sources"
            sources.mkdir()
            packages.mkdir()
            shutil.copy(DOCUMENT, sources / "openapi.yaml")
            shutil.copy(ROOT / "overlay.yaml", sources)
            shutil.copy(ROOT / CONFIG, sources)
            build(sources, packages / PACKAGE)
            (folder / "done").touch()
    return packages
