"""Every Python example of the README runs, against the sandbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mijnklantportaal.sandbox import Sandbox

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
MAKE_TARGETS = re.findall(r"^make ([a-z-]+)", README, re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(SNIPPETS) >= 7


@pytest.mark.parametrize(
    "snippet", SNIPPETS, ids=lambda snippet: snippet.strip().splitlines()[-1].strip()[:40]
)
def test_example(
    snippet: str,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "def test_" in snippet:
        pytester.makepyfile(snippet)
        pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)
        return
    with Sandbox(customers=60) as sandbox:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.api_key)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
        exec(compile(snippet, "README.md", "exec"), {"__name__": "__main__"})
        listed = capsys.readouterr().out
        assert sandbox.ids()[0] in listed or "Sandbox(" in snippet or "start_page=3" in snippet


@pytest.mark.parametrize("target", MAKE_TARGETS)
def test_make_target_exists(target: str) -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    assert f"\n{target}:" in makefile
