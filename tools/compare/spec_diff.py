"""Says what a changed document means: `python -m tools.compare.spec_diff OLD NEW`; writes nothing."""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.compare import node
from tools.compare.changes import Change, bump, changelog, listed
from tools.compare.http_diff import http_changes
from tools.compare.python_diff import python_changes
from tools.regenerate.generate import CONFIG, PACKAGE, ROOT, build
from tools.regenerate.tree import ToolError
from tools.regenerate.upstream import fetch


@dataclass(frozen=True)
class Comparison:
    """What changes from one document to another.

    Attributes:
        http: On the wire; `None` if that could not be compared.
        python: For callers of the client.
        note: Why the wire could not be compared.
    """

    http: tuple[Change, ...] | None
    python: tuple[Change, ...]
    note: str = ""

    def report(self, version: str) -> str:
        """Write it for a person."""
        changes = [*(self.http or ()), *self.python]
        http = f"  not compared: {self.note}" if self.http is None else listed(self.http)
        return (
            f"On the wire (oasdiff):\n{http}\n\n"
            f"For callers of the client (griffe):\n{listed(self.python)}\n\n"
            f"Suggested version: {bump(version, changes)}, after {version}\n\n"
            f"Draft for CHANGELOG.md:\n\n{changelog(self.python)}"
        )


def compare(old: bytes, new: bytes, old_package: Path, new_package: Path) -> Comparison:
    """Compare two documents and the packages that were generated from them.

    Args:
        old: The old document, as upstream wrote it.
        new: The new one.
        old_package: The folder that the old package is in.
        new_package: The folder that the new one is in.
    """
    python = tuple(python_changes(old_package, new_package))
    try:
        return Comparison(tuple(http_changes(old, new)), python)
    except node.NodeError as error:
        return Comparison(None, python, str(error))


def build_from(document: bytes, folder: Path, root: Path = ROOT) -> Path:
    """Generate a package from a document, with the corrections and options of `root`, in an empty folder.

    Returns:
        The folder that the package is in.

    Raises:
        ToolError: It cannot be generated.
    """
    sources, packages = folder / "sources", folder / "generated"
    sources.mkdir(parents=True)
    packages.mkdir()
    (sources / "openapi.yaml").write_bytes(document)
    shutil.copy(root / "overlay.yaml", sources)
    shutil.copy(root / CONFIG, sources)
    build(sources, packages / PACKAGE)
    return packages


def current_version(root: Path = ROOT) -> str:
    """Give the version of the client."""
    text = (root / "src" / "mijnklantportaal" / "_version.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "(\d+\.\d+\.\d+)', text)
    if found is None:
        raise ToolError("src/mijnklantportaal/_version.py: no __version__ such as 1.2.3")
    return found[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; the exit status is 1 if there is none."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.compare.spec_diff", description="Say what changes from one document to another."
    )
    parser.add_argument("old", metavar="OLD", help="a URL or a file")
    parser.add_argument("new", metavar="NEW", help="a URL or a file")
    options = parser.parse_args(arguments)
    try:
        old, new = fetch(options.old), fetch(options.new)
        with TemporaryDirectory(prefix="mijnklantportaal-diff-") as folder:
            packages = [build_from(each, Path(folder, str(n))) for n, each in enumerate((old, new))]
            print(compare(old, new, packages[0], packages[1]).report(current_version()))
    except (ToolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
