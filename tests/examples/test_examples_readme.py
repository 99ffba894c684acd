"""examples/README.md lists every example, and each example says how to run it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
README = (EXAMPLES / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`((?:python|pytest) examples/[^`]*)`", README)
LINKS = re.findall(r"\]\(([^)]*)\)", README)


def test_every_example_is_named() -> None:
    scripts = {file.name for file in EXAMPLES.glob("*.py")}
    assert set(LINKS) == {*scripts, "own_tests/test_my_app.py"}
    assert len(COMMANDS) == len(LINKS)


@pytest.mark.parametrize(("link", "command"), [*zip(LINKS, COMMANDS, strict=True)])
def test_the_example_says_how_to_run_it(link: str, command: str) -> None:
    docstring = (EXAMPLES / link).read_text(encoding="utf-8").split('"""')[1]
    assert re.search(rf"^    {re.escape(command)}( |$)", docstring, re.MULTILINE)


@pytest.mark.parametrize("file", [*EXAMPLES.rglob("*.py")], ids=lambda file: file.name)
def test_it_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 65
