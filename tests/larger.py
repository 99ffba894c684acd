"""The client of a second, larger document, made by the very pipeline that makes the committed one."""

import shutil
from pathlib import Path

from tools.regenerate.generate import CONFIG, ROOT, build

DOCUMENT = ROOT / "tests" / "documents" / "larger.yaml"


def generate_larger(tmp: Path) -> Path:
    """Generate the package `larger_api` from documents/larger.yaml, with the project's overlay and options.

    Its name differs from the committed package's, because that one is imported already.

    Returns:
        The folder to put on `sys.path`.
    """
    sources, packages = tmp / "sources", tmp / "packages"
    sources.mkdir()
    packages.mkdir()
    shutil.copy(DOCUMENT, sources / "openapi.yaml")
    shutil.copy(ROOT / "overlay.yaml", sources)
    shutil.copy(ROOT / CONFIG, sources)
    build(sources, packages / "larger_api")
    return packages
