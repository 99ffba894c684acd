"""Takes over upstream's document: `python -m tools.update_spec [SOURCE]`.

In this order: get it, check it, generate from it elsewhere, show what changes, and only then write it, its
checksum and the package, and run the tests. Whatever fails, all files are as they were.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.compare.http_diff import servers
from tools.compare.spec_diff import build_from, compare, current_version
from tools.regenerate.generate import PACKAGE, ROOT, swap
from tools.regenerate.tree import ToolError
from tools.regenerate.upstream import UPSTREAM_URL, fetch

CONFIRM_SERVER: Final = "CONFIRM_SERVER"
Tests = Callable[[], bool]


class UpdateError(ToolError):
    """The document is not taken over."""


def update(source: str, *, root: Path, confirmed: bool, tests: Tests) -> str:
    """Take over the document; returns what to tell a person.

    Args:
        source: Where the document is: a URL or a file.
        root: The folder of openapi.yaml.
        confirmed: Whether a person has agreed to another server.
        tests: Runs the tests; true if they pass.

    Raises:
        ToolError: It is not taken over, and why.
    """
    target = root / "openapi.yaml"
    old, new = target.read_bytes(), fetch(source)
    if new == old:
        return "Nothing has changed: openapi.yaml is upstream's document."
    with TemporaryDirectory(prefix="mijnklantportaal-update-") as folder:
        package = build_from(new, Path(folder), root)
        if (moved := servers(old, new)) and not confirmed:
            raise UpdateError(
                f"the document names another server, where the API key would go: {moved[0].detail}; "
                f"if that is right: make update-spec {CONFIRM_SERVER}=1"
            )
        report = compare(old, new, root / "generated", package).report(current_version(root))
        print(report, flush=True)
        with _restored_on_failure(root, old):
            target.write_bytes(new)
            digest = hashlib.sha256(new).hexdigest()
            (root / "openapi.yaml.sha256").write_text(f"{digest}\n", encoding="ascii", newline="\n")
            swap(package / PACKAGE, root / "generated" / PACKAGE)
            if not tests():
                raise UpdateError("the tests fail with the new document (see above); everything is as it was")
    return "Written: openapi.yaml, openapi.yaml.sha256, generated/. Look at `git diff`, then commit."


@contextmanager
def _restored_on_failure(root: Path, document: bytes) -> Generator[None]:
    checksum = (root / "openapi.yaml.sha256").read_bytes()
    with TemporaryDirectory(prefix="mijnklantportaal-before-") as folder:
        before = Path(folder, PACKAGE)
        swap(root / "generated" / PACKAGE, before)
        try:
            yield
        except BaseException:
            (root / "openapi.yaml").write_bytes(document)
            (root / "openapi.yaml.sha256").write_bytes(checksum)
            swap(before, root / "generated" / PACKAGE)
            raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Take over the document; the exit status is 1 if that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.update_spec",
        description="Take over upstream's document, and say what changes.",
        epilog=f"With {CONFIRM_SERVER}=1 in the environment, a document that names another server is taken.",
    )
    parser.add_argument(
        "source",
        nargs="?",
        default=UPSTREAM_URL,
        metavar="SOURCE",
        help="a URL or a file (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    try:
        confirmed = os.environ.get(CONFIRM_SERVER) == "1"
        print(update(options.source, root=ROOT, confirmed=confirmed, tests=_tests))
    except (ToolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _tests() -> bool:
    # Of the tests marked `document`, those that fail say what to do; those that still hold need no line.
    done = subprocess.run([sys.executable, "-m", "pytest", "--quiet", "-rfEx"], cwd=ROOT, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
