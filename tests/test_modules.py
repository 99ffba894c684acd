"""The page and the diagram of how it is built name all modules; import-linter enforces their order."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/mijnklantportaal"
SOURCES = dict.fromkeys(PACKAGE.rglob("*.py"), 300) | dict.fromkeys((ROOT / "tools").rglob("*.py"), 200)


def test_every_module_is_on_the_page_and_in_the_diagram() -> None:
    page = (ROOT / "docs/how-it-is-built.md").read_text(encoding="utf-8")
    diagram = (ROOT / "docs/assets/modules.svg").read_text(encoding="utf-8")
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}} - {
        "__pycache__",
        "_version",
    }
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == modules
    assert all(f">{module}<" in diagram for module in modules - {"__main__", "_extras"})


@pytest.mark.parametrize(
    ("source", "limit"), SOURCES.items(), ids=lambda value: str(value).rpartition("/")[2]
)
def test_a_source_file_is_short_and_says_what_it_is_for(source: Path, limit: int) -> None:
    text = source.read_text(encoding="utf-8")
    assert len(text.splitlines()) < limit
    assert ast.get_docstring(ast.parse(text)) or not text
