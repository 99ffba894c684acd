"""Gets upstream's document from its documentation site, or from another URL or file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
from markdown_it import MarkdownIt

from tools.regenerate.effective import DocumentError, load
from tools.regenerate.tree import ToolError, is_object

# The documentation page in Markdown, which has the document in a fenced block.
UPSTREAM_URL: Final = (
    "https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/list-customers.md"
)

_LANGUAGES: Final = ("yaml", "yml", "json")
_FIRST_LINE: Final = re.compile(rb"openapi\s*:")


class UpstreamError(ToolError):
    """Upstream's document is not available."""


def fetch(source: str = UPSTREAM_URL) -> bytes:
    """Return the document, byte for byte as upstream wrote it.

    Args:
        source: A URL or a file: the document itself (YAML or JSON), or a page that has it in a fenced block.

    Raises:
        UpstreamError: The source cannot be read, or has no document.
    """
    return extract(_read(source), source)


def extract(data: bytes, source: str) -> bytes:
    """Find the document: all of the data, or its only fenced block that is one.

    Raises:
        UpstreamError: There is no document, or more than one.
    """
    if _is_document(data):
        return data
    found = [block for block in _blocks(data) if _is_document(block)]
    if len(found) != 1:
        count = f"{len(found)} OpenAPI documents" if found else "no OpenAPI document"
        raise UpstreamError(f"{source}: {count} found; expected one, as the whole file or in a fenced block")
    return found[0]


def _is_document(data: bytes) -> bool:
    """Return whether it is an OpenAPI document, even one with a syntax error."""
    if _FIRST_LINE.match(data):
        return True
    try:
        tree = load(data, "")
    except DocumentError:
        return False
    return is_object(tree) and "openapi" in tree


def _blocks(page: bytes) -> Iterator[bytes]:
    """Yield the content of the page's fenced blocks of YAML or JSON, byte for byte."""
    lines = page.splitlines(keepends=True)
    for token in MarkdownIt().parse(page.decode("utf-8", "replace")):
        language = token.info.split(maxsplit=1)[:1]
        if token.type == "fence" and token.map and language and language[0].lower() in _LANGUAGES:
            _, *block, end = lines[slice(*token.map)]
            if end.strip().startswith(token.markup.encode()):  # or the page is cut short
                yield b"".join(block)


def _read(source: str) -> bytes:
    try:
        if not source.startswith(("https://", "http://")):
            return Path(source).read_bytes()
        response = httpx.get(source, follow_redirects=True, timeout=30)
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise UpstreamError(f"{source}: {' '.join(str(error).split()) or type(error).__name__}") from error
    if response.status_code != 200:
        raise UpstreamError(f"{source}: HTTP status {response.status_code}; name another source with SOURCE=")
    return response.content
