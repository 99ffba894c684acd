"""The documentation site builds strictly, shows every public name, and loads nothing from other hosts."""

from __future__ import annotations

import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import mijnklantportaal
import mijnklantportaal.contract
import mijnklantportaal.sandbox
from tests import processes
from tests.prose import PAGES, ROOT, anchors, links, name

PUBLIC = sorted(
    f"{module.__name__}.{each}"
    for module in (mijnklantportaal, mijnklantportaal.contract, mijnklantportaal.sandbox)
    for each in module.__all__
)
# The attributes by which a page loads something without a click.
LOADING = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Elements(HTMLParser):
    """The ids of a page, and what it loads."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loads: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids.add(values.get("id") or "")
        self.loads.append(values.get(LOADING.get(tag, "")) or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> list[Elements]:
    folder = tmp_path_factory.mktemp("site")
    done = processes.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr  # not --quiet, which would hide warnings from --strict
    return [Elements(page) for page in folder.rglob("*.html")]


@pytest.mark.slow
def test_every_public_name_is_in_the_reference(site: list[Elements]) -> None:
    shown = {each for page in site for each in page.ids}
    assert [each for each in PUBLIC if each not in shown] == []


@pytest.mark.slow
def test_it_loads_nothing_from_anywhere_else(site: list[Elements]) -> None:
    assert [each for page in site for each in page.loads if urlsplit(each).netloc] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"], ids=name)
def test_external_links_are_well_formed(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        url = urlsplit(link)
        if url.scheme:
            assert url.scheme == "https"
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", url.netloc)
            assert re.fullmatch(r"[!-~]*[\w/]", link, re.ASCII)


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_internal_links_of_the_pages_outside_the_site_lead_somewhere(page: str) -> None:
    for link in links((ROOT / page).read_text(encoding="utf-8")):
        url = urlsplit(link)
        if not url.scheme:
            target = ROOT / (url.path or page)
            assert target.exists(), link
            assert not url.fragment or url.fragment in anchors(target.read_text(encoding="utf-8")), link
