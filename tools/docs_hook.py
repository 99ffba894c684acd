"""For mkdocs: makes CHANGELOG.md a page of the documentation site, so that there is only one of it."""

from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from tools.generate import ROOT

CHANGELOG: Final = ROOT / "CHANGELOG.md"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the page; its links into docs/ begin at the root of the repository, those of a page in docs/."""
    text = CHANGELOG.read_text(encoding="utf-8").replace("](docs/", "](")
    files.append(File.generated(config, "changelog.md", content=text))
    return files
