"""The page and the picture of how it is built name all rooms; import-linter holds their order."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/mijnklantportaal"
MODULES = [*PACKAGE.rglob("*.py"), *(ROOT / "tools").glob("*.py")]


def test_every_room_is_on_the_page_and_in_the_picture() -> None:
    page = (ROOT / "docs/how-it-is-built.md").read_text(encoding="utf-8")
    picture = (ROOT / "docs/assets/rooms.svg").read_text(encoding="utf-8")
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}} - {
        "__pycache__",
        "__main__",
    }
    rooms = modules - {"_version"}
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == rooms
    assert all(f">{room}<" in picture for room in rooms)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_says_what_it_is_for(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    assert ast.get_docstring(ast.parse(text)) or not text
