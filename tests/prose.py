"""README.md and the pages of docs/, as the tests read them: their fenced blocks, links and anchors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_FENCE = re.compile(
    r"""^(?P<indent>[ ]*)```[ ]*(?P<language>[\w-]*)(?:[ ]+title="(?P<title>[^"]+)")?[ ]*\n
        (?P<code>.*?)
        ^(?P=indent)```[ ]*$""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_HELP = re.compile(r"<!-- help -->.*<!-- end of help -->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: The page it is on, from the root of the repository.
        line: Where it begins.
        language: What stands behind the fence.
        title: The file that it is, if it is one.
        code: What is in it.
        printed: What the page says that it prints: the `text` block that follows it at once.
    """

    page: str
    line: int
    language: str
    title: str | None
    code: str
    printed: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> list[Block]:
    """All fenced blocks of all pages, an output with what prints it; generated help is checked elsewhere."""
    return [block for page in PAGES for block in blocks_of(name(page), page.read_text(encoding="utf-8"))]


def name(page: Path) -> str:
    """A page as a test's id."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: str, text: str) -> Iterator[Block]:
    """The fenced blocks of one page."""
    text = _HELP.sub(lambda found: "\n" * found[0].count("\n"), text)
    found = list(_FENCE.finditer(text))
    outputs = {
        before.start(): after
        for before, after in pairwise(found)
        if before["language"] != "text" == after["language"]
        and not text[before.end() : after.start()].strip()
    }
    for each in found:
        if each in outputs.values():
            continue
        output = outputs.get(each.start())
        line = text.count("\n", 0, each.start()) + 1
        yield Block(
            page, line, each["language"], each["title"], _code(each), _code(output) if output else None
        )


def without_code(text: str) -> str:
    """The page without its fenced blocks and code spans: what is left is prose."""
    return re.sub(r"(`+).+?\1", "", _FENCE.sub("", text), flags=re.DOTALL)


def links(text: str) -> list[str]:
    """Where the page's Markdown links lead: inline, in angle brackets, by reference."""
    prose = without_code(text)
    inline = re.findall(r"\]\(\s*<?([^)>]*?)>?(?:\s+\"[^\"]*\")?\s*\)", prose)
    bare = re.findall(r"<(https?:[^>]*)>", prose)
    by_reference = re.findall(r"^\[[^\]]+\]:\s*(\S.*?)\s*$", prose, re.MULTILINE)
    return inline + bare + by_reference


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,6} +(.+?) *$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _code(found: re.Match[str]) -> str:
    return re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE)
