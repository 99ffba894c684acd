"""The page and the picture of how it is built name all rooms; import-linter holds their order."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/mijnklantportaal"


def test_every_room_is_on_the_page_and_in_the_picture() -> None:
    page = (ROOT / "docs/how-it-is-built.md").read_text(encoding="utf-8")
    picture = (ROOT / "docs/assets/rooms.svg").read_text(encoding="utf-8")
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}} - {"__pycache__"}
    rooms = modules - {"_version"}
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == rooms
    assert all(f">{room}<" in picture for room in rooms)
