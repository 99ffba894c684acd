"""Generates the package in generated/, or checks it: `python -m tools.regenerate.generate [--check]`.

The result depends only on openapi.yaml, overlay.yaml, generator-config.yml and the versions of the tools.
A run that fails leaves the package unchanged.
"""

import argparse
import hashlib
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.regenerate.effective import effective, load
from tools.regenerate.finish import finish
from tools.regenerate.fit import fit
from tools.regenerate.generator import run_generator
from tools.regenerate.normalise.names import WRAPPED
from tools.regenerate.notes import Note, arranged, listed
from tools.regenerate.tree import Object, ToolError, copy
from tools.regenerate.trial import trial
from tools.regenerate.walk import leave_out, operations

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = "mijnklantportaal_api"
CONFIG: Final = "generator-config.yml"


class GenerateError(ToolError):
    """The package cannot be written."""


def build(root: Path, package: Path) -> list[Note]:
    """Generate the package from the sources in `root` into the new folder `package`.

    Returns:
        The notes on openapi.yaml, which are also in the package's provenance.json.

    Raises:
        ToolError: The package cannot be generated.
        OSError: A source cannot be read, or the package cannot be written.
    """
    openapi, config = (root / "openapi.yaml").read_bytes(), root / CONFIG
    document, notes = effective(openapi, (root / "overlay.yaml").read_bytes())
    load(config.read_bytes(), CONFIG)
    while True:
        fitting, more = fit(document, config)
        _check_wrapped(fitting, [*notes, *more])
        _write(fitting, config.resolve(), package.resolve())
        if not (failed := trial(package)):
            break
        document = copy(document)
        for each in operations(document):
            if each.name in failed:
                leave_out(document, each.path, each.method)
                notes.append(Note("left out", each.name, f"its generated call fails: {failed[each.name]}"))
        shutil.rmtree(package)
    notes = arranged([*notes, *more])
    provenance = {
        "openapi.yaml": f"sha256:{hashlib.sha256(openapi).hexdigest()}",
        "generator": f"openapi-python-client {importlib.metadata.version('openapi-python-client')}",
        "notes": [asdict(note) for note in notes],
    }
    _write_json(package / "provenance.json", provenance)
    return notes


def _check_wrapped(document: Object, notes: Sequence[Note]) -> None:
    method, path = WRAPPED
    if not any(each.is_(method, path) for each in operations(document)):
        name = f"{method} {path}"
        left_out = next((note.what for note in notes if note.where == name and note.kind == "left out"), "")
        raise GenerateError(
            f"{name} is {f'left out ({left_out})' if left_out else 'missing'}, but list_customers(), the "
            "command `customers` and the contract check of the live API need it; nothing was written"
        )


def _write(document: Object, config: Path, package: Path) -> None:
    with TemporaryDirectory(prefix="mijnklantportaal-document-") as folder:
        source = Path(folder, "openapi.json")
        _write_json(source, document)
        run_generator(source, config, package)
    finish(package)
    _write_json(package / "openapi.json", document)


def swap(package: Path, target: Path) -> None:
    """Replace `target` with a copy of the folder `package`; if that fails, `target` is unchanged."""
    target.parent.mkdir(exist_ok=True)
    # In the same folder, so that both renames stay on one file system.
    with TemporaryDirectory(prefix=".swap-", dir=target.parent) as folder:
        new, old = Path(folder, "new"), Path(folder, "old")
        shutil.copytree(package, new)
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise


def differences(expected: Path, actual: Path) -> list[str]:
    """List the files of `actual` that are changed, missing or extra compared with `expected`."""
    wanted, found = _files(expected), _files(actual)
    return [
        f"{'missing' if name not in found else 'extra' if name not in wanted else 'changed'}: {name}"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate or check the package; the exit status is 1 if that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.regenerate.generate", description="Generate the package in generated/."
    )
    add = parser.add_argument
    add("--check", action="store_true", help="compare the package with a new one; write nothing")
    add("--strict", action="store_true", help="fail if there is any note on the document")
    add("--root", type=Path, default=ROOT, help="folder of the sources (default: this repository)")
    options = parser.parse_args(arguments)
    target = options.root / "generated" / PACKAGE
    try:
        with TemporaryDirectory(prefix="mijnklantportaal-package-") as folder:
            package = Path(folder, PACKAGE)
            notes = build(options.root, package)
            if options.check:
                return _report(differences(Path(folder), target.parent))
            print("\n".join(listed(notes)))
            if options.strict and notes:
                raise GenerateError("--strict: there are notes on openapi.yaml (above); nothing was written")
            swap(package, target)
    except (ToolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _report(found: list[str]) -> int:
    for each in found:
        print(each.replace(": ", ": generated/", 1), file=sys.stderr)
    if found:
        print("generated/ is out of date: run `make generate`", file=sys.stderr)
    return 1 if found else 0


def _write_json(path: Path, document: Object) -> None:
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.relative_to(folder).parts
    }


if __name__ == "__main__":
    sys.exit(main())
