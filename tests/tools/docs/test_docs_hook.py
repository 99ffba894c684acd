"""Files of the repository as pages of the site: what becomes of their links and pictures."""

from __future__ import annotations

import pytest

from tools.docs.docs_hook import pictures, relinked


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        ("[cli](../docs/cli.md#customers)", "[cli](cli.md#customers)"),
        ("[examples](../examples/README.md)", "[examples](examples.md)"),
        ("[peers](peers)", "peers"),
        ("![CPU](results/cpu.svg)", "![CPU](benchmarks/results/cpu.svg)"),
        ("[upstream](https://example.nl/a)", "[upstream](https://example.nl/a)"),
        ("[below](#results)", "[below](#results)"),
    ],
)
def test_links_lead_where_the_site_has_them(link: str, becomes: str) -> None:
    assert relinked("benchmarks/README.md", f"see {link}, please") == f"see {becomes}, please"


def test_pictures_are_found() -> None:
    text = "![CPU](results/cpu.svg) and [no picture](results/results.json)"
    assert pictures("benchmarks/README.md", text) == ["benchmarks/results/cpu.svg"]
