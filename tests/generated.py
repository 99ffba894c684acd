"""Packages generated from other documents by the same pipeline as the committed one."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.whole import YAML
from tools.compare.spec_diff import build_from
from tools.regenerate import generate
from tools.regenerate.generate import PACKAGE
from tools.regenerate.notes import Note

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = "whole_api"


def generated(
    document: bytes, factory: pytest.TempPathFactory, *, tried: bool = False
) -> tuple[Path, list[Note]]:
    """Run `build_from` with the project's overlay and options, once for all tests of a run.

    Args:
        document: The document.
        factory: Knows the folder of the run.
        tried: Whether to call the operations of the package, as `build_from` does; that takes half a second.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / f"generated-{hashlib.sha256(document).hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            with pytest.MonkeyPatch.context() as patch:
                if not tried:
                    patch.setattr(generate, "trial", lambda package: {})
                build_from(document, folder)
            (folder / "done").touch()
    packages = folder / "generated"
    provenance = json.loads((packages / PACKAGE / "provenance.json").read_bytes())
    return packages, [Note(**each) for each in provenance["notes"]]


def generated_whole(factory: pytest.TempPathFactory) -> Path:
    """Generate the package `whole_api` from the whole API's document; once for all tests of a run.

    Its name differs from the committed package's, because that one is imported already.

    Returns:
        The folder to put on `sys.path`.
    """
    packages, _ = generated(YAML, factory, tried=True)
    named = packages.parent / "named"
    named.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (named / WHOLE).symlink_to(packages / PACKAGE, target_is_directory=True)
    return named
