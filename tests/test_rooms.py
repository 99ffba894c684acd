"""A room imports only from rooms below it, in the order that docs/how-it-is-built.md shows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/mijnklantportaal"
PAGE = (ROOT / "docs/how-it-is-built.md").read_text(encoding="utf-8")
ROOMS = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
PICTURE = (ROOT / "docs/assets/rooms.svg").read_text(encoding="utf-8")


def imported_by(room: str) -> set[str]:
    """The rooms that the modules of a room import from."""
    found: set[str] = set()
    for path in sorted((PACKAGE / room).rglob("*.py")) or [PACKAGE / f"{room}.py"]:
        package = ["mijnklantportaal", *path.relative_to(PACKAGE).with_suffix("").parts[:-1]]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                origin = package[: len(package) - node.level + 1] if node.level else []
                module = [*origin, *(node.module or "").split(".")]
                names = [[*module, alias.name] for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name.split(".") for alias in node.names]
            else:
                continue
            found |= {name[1] for name in ([*filter(None, each)] for each in names) if name[0] == package[0]}
    return found & {*ROOMS} - {room}


def test_every_room_is_on_the_page_and_in_the_picture() -> None:
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}} - {"__pycache__"}
    assert modules - {"_version"} == {*ROOMS}
    assert all(f">{room}<" in PICTURE for room in ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_below(room: str) -> None:
    above = ROOMS[: ROOMS.index(room)]
    assert imported_by(room).isdisjoint(above)


def test_the_sandbox_imports_from_no_other_room() -> None:
    assert imported_by("sandbox") == set()


def test_imports_are_seen() -> None:
    assert imported_by("transport") == {"errors", "exchange", "quota"}
    assert imported_by("portal") == {"errors", "pagination", "transport"}
