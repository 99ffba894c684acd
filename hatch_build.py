"""For hatchling: the package's long description, which is README.md as it can be read on a package index."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# [text](path#anchor) or ![alt](path), also where a picture is the text; not an address, not an anchor alone
_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)[^)]*\)")


class LongDescription(MetadataHookInterface):
    """Puts the long description into the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Reads README.md."""
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": long_description(readme)}


def long_description(readme: str) -> str:
    """The README without links into the repository: a link names its file, a picture is described.

    The project has no public address to link to; the files that are named are in the source distribution.
    """

    def named(link: re.Match[str]) -> str:
        picture, text, path = link.groups()
        return f"*{text}*" if picture else f"{text} (`{path}`)"

    return _LINK.sub(named, readme)
