"""An mkdocs hook that adds Markdown files from outside docs/ as pages, so that they need not be copied."""

import posixpath
import re
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.regenerate.generate import ROOT

PAGES: Final = {
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "benchmarks/README.md": "benchmarks.md",
    "examples/README.md": "examples.md",
}
HEADING: Final = re.compile(r"^## \[([^\]]*)\]", re.MULTILINE)  # of a version, in the changelog
LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages and their images."""
    for source, page in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        for picture in pictures(source, text):
            files.append(File.generated(config, picture, abs_src_path=str(ROOT / picture)))
        files.append(File.generated(config, page, content=relinked(source, text) + programs(source, text)))
    return files


def on_page_context(
    context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: object
) -> dict[str, Any]:
    """Set the theme's language for a page that has `lang` in its front matter."""
    config.theme["language"] = page.meta.get("lang", "en")
    return context


def pictures(source: str, text: str) -> list[str]:
    """Return the images in a file, as paths from the repository's root."""
    return [_from_root(source, found[3]) for found in LINK.finditer(text) if found[1]]


def programs(source: str, text: str) -> str:
    """Return the source of the examples that a file links to, because the site has no pages for them."""
    paths = (_from_root(source, found[3]) for found in LINK.finditer(text) if found[3].endswith(".py"))
    return "".join(
        f"\n## {path}\n\n```python\n{(ROOT / path).read_text(encoding='utf-8').strip()}\n```\n"
        for path in paths
        if path.startswith("examples/")
    )


def relinked(source: str, text: str) -> str:
    """Return the text with links that work on the site; links to other files become plain text."""

    def relink(link: re.Match[str]) -> str:
        target = _from_root(source, link[3])
        if target.startswith("docs/"):
            target = target.removeprefix("docs/")
        elif target in PAGES:
            target = PAGES[target]
        elif not link[1]:
            return link[2]
        return f"{link[1]}[{link[2]}]({target}{link[4] or ''})"

    return LINK.sub(relink, HEADING.sub(r"## \1", text))


def _from_root(source: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
