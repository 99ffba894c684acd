"""Takes over upstream's document: `python -m tools.update_spec [SOURCE]`.

In three steps: take it and check it, say what changes, write it and run the tests. Nothing is written before
the third step. What that writes stays, also when a test fails: git can bring back what was there before.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.compare.http_diff import servers
from tools.compare.spec_diff import build_from, compare, publish
from tools.regenerate.generate import PACKAGE, ROOT, swap
from tools.regenerate.tree import ToolError
from tools.regenerate.upstream import UPSTREAM_URL, fetch

CONFIRM_SERVER: Final = "CONFIRM_SERVER"
WRITTEN: Final = ("openapi.yaml", "generated")
BACK: Final = f"git restore {' '.join(WRITTEN)} && git clean -fd generated"
Tests = Callable[[], bool]


class UpdateError(ToolError):
    """The document is not taken over, or its tests fail."""


def update(source: str, *, root: Path, confirmed: bool, tests: Tests) -> str:
    """Take over the document; returns what to do next.

    Args:
        source: Where the document is: a URL or a file.
        root: The folder of openapi.yaml.
        confirmed: Whether a person has agreed to another server.
        tests: Runs the tests; true if they pass.

    Raises:
        ToolError: It is not taken over, or its tests fail: which of both, why, and what to do.
    """
    _say(f"1. Take {source} and check it")
    old, new = (root / "openapi.yaml").read_bytes(), fetch(source)
    if new == old:
        return "Nothing has changed: openapi.yaml is upstream's document."
    _check_committed(root)
    with TemporaryDirectory(prefix="mijnklantportaal-update-") as folder:
        packages, notes = build_from(new, Path(folder), root)
        if (moved := servers(old, new)) and not confirmed:
            raise UpdateError(
                f"the document names another server, where the API key would go: {moved[0].detail}; "
                f"if that is right: make update-spec {CONFIRM_SERVER}=1"
            )
        _say("2. What changes")
        publish(compare(old, new, root / "generated", packages, notes=notes, root=root), root)
        _say("3. Write openapi.yaml and generated/, and run the tests")
        # The document last: once it is upstream's, all of it has been taken over.
        swap(packages / PACKAGE, root / "generated" / PACKAGE)
        (root / "openapi.yaml").write_bytes(new)
    if not tests():
        raise UpdateError(
            "the tests fail with the new document (see above). It is written all the same: make the code, "
            f"overlay.yaml or the tests follow it, then `make generate test`; or go back: {BACK}"
        )
    return "The tests pass. Look at `git diff --stat`, then commit."


def _check_committed(root: Path) -> None:
    """Make sure that git can bring back what is about to be overwritten."""
    command = ["git", "--no-optional-locks", "status", "--porcelain", "--", *WRITTEN]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        _say("No git repository here: nothing can bring back the old document.")
        return
    if done.stdout:
        raise UpdateError(
            f"{' or '.join(WRITTEN)} has uncommitted changes: commit them, or discard them: {BACK}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Take over the document; the exit status is 1 if that failed, or if a test did."""
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
        _say(update(options.source, root=ROOT, confirmed=confirmed, tests=_tests))
    except (ToolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


def _tests() -> bool:
    done = subprocess.run(["make", "--silent", "test"], cwd=ROOT, check=False)  # noqa: S607
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
