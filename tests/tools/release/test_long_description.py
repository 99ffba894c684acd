"""README.md as a package index shows it."""

from __future__ import annotations

import pytest

from hatch_build import long_description
from tests.prose import ROOT, links


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("see [the guide](docs/guide/limits.md#waits)", "see the guide (`docs/guide/limits.md`)"),
        ("![Time for 60 pages](benchmarks/results/latency.svg)", "*Time for 60 pages*"),
        ("[MIT](LICENSE).", "MIT (`LICENSE`)."),
        ("[upstream](https://docs.example/a)", "[upstream](https://docs.example/a)"),
        ("[below](#status)", "[below](#status)"),
    ],
)
def test_what_becomes_of_a_link(written: str, shown: str) -> None:
    assert long_description(written) == shown


def test_nothing_leads_nowhere_and_what_is_named_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    relative = [link for link in links(readme) if not link.startswith(("https://", "#"))]
    assert relative
    shown = long_description(readme)
    assert [link for link in links(shown) if not link.startswith(("https://", "#"))] == []
    assert all((ROOT / link.partition("#")[0]).exists() for link in relative)
