"""Reads the fenced blocks, links and anchors of README.md and the pages of docs/."""

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
        page: Its page, relative to the root of the repository.
        line: Its first line.
        language: The language after the fence.
        title: The name of the file that it contains, if any.
        code: Its content.
        printed: Its expected output: the `text` block directly below it.
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
    """Return all fenced blocks of all pages, with their outputs; generated help is checked elsewhere."""
    return [block for page in PAGES for block in blocks_of(name(page), page.read_text(encoding="utf-8"))]


def name(page: Path) -> str:
    """Return a page's name, for test ids."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: str, text: str) -> Iterator[Block]:
    """Yield the fenced blocks of one page."""
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
    """Return the page without fenced blocks and code spans."""
    return re.sub(r"(`+).+?\1", "", _FENCE.sub("", text), flags=re.DOTALL)


def links(text: str) -> list[str]:
    """Return the targets of the page's Markdown links: inline, in angle brackets, by reference."""
    prose = without_code(text)
    inline = re.findall(r"\]\(\s*<?([^)>]*?)>?(?:\s+\"[^\"]*\")?\s*\)", prose)
    bare = re.findall(r"<(https?:[^>]*)>", prose)
    by_reference = re.findall(r"^\[[^\]]+\]:\s*(\S.*?)\s*$", prose, re.MULTILINE)
    return inline + bare + by_reference


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub generates them."""
    headings = re.findall(r"^#{1,6} +(.+?) *$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _code(found: re.Match[str]) -> str:
    return re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE)
