"""Reports what changes from one document to another: `python -m tools.compare.spec_diff OLD NEW`."""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.compare import node
from tools.compare.http_diff import http_changes
from tools.compare.python_diff import python_changes
from tools.compare.report import Report, for_terminal, in_markdown
from tools.regenerate.generate import CONFIG, PACKAGE, ROOT, build
from tools.regenerate.notes import Note
from tools.regenerate.tree import ToolError
from tools.regenerate.upstream import fetch

# The file for the whole report; git ignores the folder.
DETAILS: Final = "build/changes.md"


def compare(
    old: bytes, new: bytes, old_package: Path, new_package: Path, *, notes: Sequence[Note], root: Path = ROOT
) -> Report:
    """Compare two documents and the packages that were generated from them.

    Args:
        old: The old document, as upstream wrote it.
        new: The new one.
        old_package: The folder that holds the old package.
        new_package: The folder that holds the new package.
        notes: The notes on the new document.
        root: The folder of the project, for its current version.
    """
    version, python = current_version(root), tuple(python_changes(old_package, new_package))
    try:
        return Report(version, python, tuple(http_changes(old, new)), notes=tuple(notes))
    except node.NodeError as error:
        return Report(version, python, None, str(error), notes=tuple(notes))


def publish(report: Report, root: Path = ROOT) -> None:
    """Print a summary of the report, and write all of it to a file."""
    file = root / DETAILS
    file.parent.mkdir(exist_ok=True)
    file.write_text(in_markdown(report), encoding="utf-8", newline="\n")
    print(for_terminal(report, DETAILS), flush=True)


def build_from(document: bytes, folder: Path, root: Path = ROOT) -> tuple[Path, list[Note]]:
    """Generate a package from a document in an empty folder, with the overlay and options of `root`.

    Returns:
        The folder that holds the package, and the notes on the document.

    Raises:
        ToolError: It cannot be generated.
    """
    sources, packages = folder / "sources", folder / "generated"
    sources.mkdir(parents=True)
    packages.mkdir()
    (sources / "openapi.yaml").write_bytes(document)
    shutil.copy(root / "overlay.yaml", sources)
    shutil.copy(root / CONFIG, sources)
    return packages, build(sources, packages / PACKAGE)


def current_version(root: Path = ROOT) -> str:
    """Return the version of the client."""
    text = (root / "src" / "mijnklantportaal" / "_version.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "(\d+\.\d+\.\d+)', text)
    if found is None:
        raise ToolError("src/mijnklantportaal/_version.py: no __version__ such as 1.2.3")
    return found[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; the exit status is 1 if that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.compare.spec_diff",
        description="Report the changes from one document to another.",
    )
    parser.add_argument("old", metavar="OLD", help="a URL or a file")
    parser.add_argument("new", metavar="NEW", help="a URL or a file")
    options = parser.parse_args(arguments)
    try:
        old, new = fetch(options.old), fetch(options.new)
        with TemporaryDirectory(prefix="mijnklantportaal-diff-") as folder:
            after, notes = build_from(new, Path(folder, "new"))  # first: it is the one that can be invalid
            before, _ = build_from(old, Path(folder, "old"))
            publish(compare(old, new, before, after, notes=notes))
    except (ToolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
