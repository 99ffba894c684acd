"""Checks a release, or prints its notes: `python -m tools.release.release check [TAG] | notes`.

The newest entry of `CHANGELOG.md` must have the version of `_version.py`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mijnklantportaal import __version__

ROOT: Final = Path(__file__).resolve().parents[2]
UNRELEASED: Final = "Unreleased"
_HEADING: Final = re.compile(r"^(## .*)$", re.MULTILINE)
_NAME: Final = re.compile(r"## \[(?P<name>Unreleased|\d+\.\d+\.\d+)\](?: - (?P<day>\d{4}-\d\d-\d\d))?")
_VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True)
class Entry:
    """The changelog's entry for one version.

    Attributes:
        name: The version, or `Unreleased`.
        day: The date of its release, as written.
        notes: The changes.
    """

    name: str
    day: str | None
    notes: str


def entries(changelog: str) -> list[Entry]:
    """Return the changelog's entries in order, the newest first.

    Raises:
        ValueError: A heading is invalid.
    """
    found: list[Entry] = []
    _, *parts = _HEADING.split(changelog)
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        named = _NAME.fullmatch(heading)
        if named is None:
            raise ValueError(f"a heading that names neither {UNRELEASED} nor a version: {heading!r}")
        found.append(Entry(named["name"], named["day"], text.strip()))
    return found


def problems(changelog: str, version: str) -> list[str]:
    """Return what is invalid, even if no release is planned."""
    if not _VERSION.fullmatch(version):
        return [f"the version {version} is not of the form 1.2.3"]
    found = entries(changelog)
    released = [entry for entry in found if entry.name != UNRELEASED]
    order = [_number(entry.name) for entry in released]
    wrong = [f"{entry.name} has no date" for entry in released if not _is_day(entry.day)]
    wrong += [f"{entry.name} has no notes" for entry in released if not entry.notes]
    if order != sorted(set(order), reverse=True):
        wrong.append("the versions are not in order, newest first")
    if any(entry.name == UNRELEASED for entry in found[1:]):
        wrong.append(f"{UNRELEASED} is not the first entry")
    if order and _number(version) < order[0]:
        wrong.append(f"the version is {version}, but {released[0].name} has already been released")
    return wrong


def obstacles(changelog: str, version: str, tag: str | None = None) -> list[str]:
    """Return what prevents the release of this version, under this tag if there is one."""
    wrong = problems(changelog, version)
    newest = next(
        (entry.name for entry in entries(changelog) if entry.name != UNRELEASED or entry.notes), "none"
    )
    if newest != version:
        wrong.append(
            f"the newest entry of CHANGELOG.md is {newest}, but must be [{version}] - {date.today()}"
        )
    if tag is not None and tag != f"v{version}":
        wrong.append(f"the tag is {tag}, but the version is {version}")
    return wrong


def notes(changelog: str, version: str) -> str:
    """Return the changelog's notes for this version, or an empty string."""
    return "".join(f"{entry.notes}\n" for entry in entries(changelog) if entry.name == version)


def untagged(version: str, root: Path = ROOT) -> list[str]:
    """Return what prevents tagging this commit."""
    wrong: list[str] = []
    if _git(root, "status", "--porcelain"):
        wrong.append("there are uncommitted changes")
    if _git(root, "tag", "--list", f"v{version}"):
        wrong.append(f"the tag v{version} already exists: increase the version in _version.py")
    return wrong


def main(arguments: list[str]) -> int:
    """Check, or print the notes; the exit status is 1 if the check fails, 2 for invalid arguments."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    match arguments:
        case ["check", *tag] if len(tag) < 2:
            try:
                wrong = obstacles(changelog, __version__, *tag)
            except ValueError as error:
                wrong = [f"CHANGELOG.md has {error}"]
            wrong += [] if tag else untagged(__version__)
            for each in wrong:
                print(f"cannot release: {each}", file=sys.stderr)
            if not wrong:
                print(f"{__version__} can be released" + ("" if tag else f": git tag v{__version__}"))
            return int(bool(wrong))
        case ["notes"]:
            print(notes(changelog, __version__), end="")
            return 0
        case _:
            print("usage: python -m tools.release.release check [TAG] | notes", file=sys.stderr)
            return 2


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _is_day(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - no shell, and one of our own commands
        ["git", *arguments],  # noqa: S607 - git is found on the PATH
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
