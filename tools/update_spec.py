"""Updates the client to upstream's document: `python -m tools.update_spec [SOURCE]`.

It works in three steps: fetch and check the document, report the changes, write the files and run the tests.
The files stay even if a test fails; git can restore the old ones.
"""

import argparse
import os
import shlex
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
    """The document is rejected, or the tests fail with it."""


def update(source: str, *, root: Path, confirmed: bool, tests: Tests) -> str:
    """Update to the document, and return what to do next.

    Args:
        source: The document's URL or file.
        root: The folder of openapi.yaml.
        confirmed: Whether the user accepts another server.
        tests: Runs the tests, and returns whether they pass.

    Raises:
        ToolError: The document is rejected, or the tests fail with it.
    """
    _say(f"1. Fetch {source} and check it")
    old, new = (root / "openapi.yaml").read_bytes(), fetch(source)
    if new == old:
        return "Nothing has changed: openapi.yaml is up to date."
    _check_committed(root)
    with TemporaryDirectory(prefix="mijnklantportaal-update-") as folder:
        packages, notes = build_from(new, Path(folder), root)
        if (moved := servers(old, new)) and not confirmed:
            raise UpdateError(
                f"the document names another server, to which the API key would be sent: {moved[0].detail}; "
                f"to accept it: make update-spec SOURCE={shlex.quote(source)} {CONFIRM_SERVER}=1"
            )
        _say("2. Report the changes")
        publish(compare(old, new, root / "generated", packages, notes=notes, root=root), root)
        _say("3. Write openapi.yaml and generated/, and run the tests")
        # openapi.yaml last: if it is up to date, so is generated/.
        swap(packages / PACKAGE, root / "generated" / PACKAGE)
        (root / "openapi.yaml").write_bytes(new)
    if not tests():
        raise UpdateError(
            "the tests fail with the new document (see above). The new files were kept: adapt the code, "
            f"overlay.yaml or the tests, then run `make generate test`; or restore the old files: {BACK}"
        )
    return "The tests pass. Review `git diff --stat`, then commit."


def _check_committed(root: Path) -> None:
    """Check that git can restore the files that are about to be overwritten."""
    command = ["git", "--no-optional-locks", "status", "--porcelain", "--", *WRITTEN]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        _say("Not a git repository: the old files cannot be restored.")
        return
    if done.stdout:
        raise UpdateError(
            f"{' or '.join(WRITTEN)} has uncommitted changes: commit them, or discard them with: {BACK}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Update to the document; the exit status is 1 if that or a test failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.update_spec",
        description="Update openapi.yaml and generated/ to upstream's document, and report the changes.",
        epilog=f"With {CONFIRM_SERVER}=1 in the environment, a document with another server is accepted.",
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
