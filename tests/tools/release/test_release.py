"""What may be released: version, changelog and tag agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mijnklantportaal import __version__
from tests import processes
from tools.release import release
from tools.release.release import ROOT, entries, main, notes, obstacles, problems, untagged

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "# Changelog\n\nThe form …\n"
PENDING = "\n## [Unreleased]\n\n### Added\n\n- A thing.\n"
NOTHING_PENDING = "\n## [Unreleased]\n"
SECOND = "\n## [0.2.0] - 2026-12-01\n\n### Fixed\n\n- Another.\n"
FIRST = "\n## [0.1.0] - 2026-11-24\n\n- The first.\n"


def test_the_changelog_and_the_version_of_today_agree() -> None:
    assert problems((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), __version__) == []


def test_the_version_is_in_one_place() -> None:
    listed = processes.run(
        [
            "git",
            "grep",
            "--files-with-matches",
            "--fixed-strings",
            "--word-regexp",
            f'"{__version__}"',
            "--",
            "src",
            "*.toml",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode > 1:
        pytest.skip("this is no git repository")
    assert listed.stdout.splitlines() == ["src/mijnklantportaal/_version.py"]


def test_entries() -> None:
    found = entries(HEAD + PENDING + FIRST)
    assert [(each.name, each.day) for each in found] == [("Unreleased", None), ("0.1.0", "2026-11-24")]
    assert found[0].notes == "### Added\n\n- A thing."


def test_a_heading_of_another_form_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"## 0\.1\.0"):
        entries(HEAD + "\n## 0.1.0\n")


@pytest.mark.parametrize(
    ("changelog", "version"),
    [
        (HEAD, "0.1.0"),
        (HEAD + PENDING, "0.1.0"),
        (HEAD + FIRST, "0.1.0"),
        (HEAD + PENDING + FIRST, "0.1.0"),
        (HEAD + PENDING + FIRST, "0.2.0"),
        (HEAD + SECOND + FIRST, "0.10.0"),
    ],
)
def test_what_agrees(changelog: str, version: str) -> None:
    assert problems(changelog, version) == []


@pytest.mark.parametrize(
    ("changelog", "version", "complaint"),
    [
        (HEAD + SECOND + FIRST, "0.1.0", "the version is 0.1.0, but 0.2.0 has already been released"),
        (HEAD + FIRST + SECOND, "0.2.0", "the versions are not in order, newest first"),
        (HEAD + FIRST + FIRST, "0.1.0", "the versions are not in order, newest first"),
        (HEAD + FIRST + PENDING, "0.1.0", "Unreleased is not the first entry"),
        (HEAD + "\n## [0.1.0]\n\n- X\n", "0.1.0", "0.1.0 has no date"),
        (HEAD + "\n## [0.1.0] - 2026-02-30\n\n- X\n", "0.1.0", "0.1.0 has no date"),
        (HEAD + "\n## [0.1.0] - 2026-11-24\n", "0.1.0", "0.1.0 has no notes"),
        (HEAD, "0.1", "the version 0.1 is not of the form 1.2.3"),
        (HEAD, "0.1.0rc1", "the version 0.1.0rc1 is not of the form 1.2.3"),
    ],
)
def test_what_does_not_agree(changelog: str, version: str, complaint: str) -> None:
    assert problems(changelog, version) == [complaint]


@pytest.mark.parametrize("changelog", [HEAD + SECOND + FIRST, HEAD + NOTHING_PENDING + SECOND + FIRST])
def test_what_can_be_released(changelog: str) -> None:
    assert obstacles(changelog, "0.2.0") == []
    assert obstacles(changelog, "0.2.0", "v0.2.0") == []


@pytest.mark.parametrize(
    ("changelog", "version", "tag", "complaint"),
    [
        (HEAD + PENDING + FIRST, "0.1.0", None, "the newest entry of CHANGELOG.md is Unreleased"),
        (HEAD + FIRST, "0.2.0", None, "the newest entry of CHANGELOG.md is 0.1.0"),
        (HEAD, "0.2.0", None, "the newest entry of CHANGELOG.md is none"),
        (HEAD + FIRST, "0.1.0", "v0.2.0", "the tag is v0.2.0, but the version is 0.1.0"),
        (HEAD + FIRST, "0.1.0", "0.1.0", "the tag is 0.1.0, but the version is 0.1.0"),
    ],
)
def test_what_cannot_be_released(changelog: str, version: str, tag: str | None, complaint: str) -> None:
    (found,) = obstacles(changelog, version, tag)
    assert found.startswith(complaint)


def test_the_notes_are_those_of_the_version() -> None:
    assert notes(HEAD + SECOND + FIRST, "0.2.0") == "### Fixed\n\n- Another.\n"
    assert notes(HEAD + PENDING, "0.2.0") == ""


def test_before_tagging_all_is_committed_and_the_tag_is_new(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "tag.gpgsign=false"]
        processes.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    git("commit", "--allow-empty", "--no-gpg-sign", "--message=x")
    assert untagged("0.1.0", tmp_path) == []
    git("tag", "v0.1.0")
    assert untagged("0.1.0", tmp_path) == [
        "the tag v0.1.0 already exists: increase the version in _version.py"
    ]
    (tmp_path / "new").touch()
    assert untagged("0.2.0", tmp_path) == ["there are uncommitted changes"]


class TestCommand:
    @pytest.fixture(autouse=True)
    def a_project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "CHANGELOG.md").write_text(HEAD + FIRST, encoding="utf-8")
        monkeypatch.setattr(release, "ROOT", tmp_path)
        monkeypatch.setattr(release, "__version__", "0.1.0")

    def test_a_tag_that_is_right(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "v0.1.0"]) == 0
        assert capsys.readouterr().out == "0.1.0 can be released\n"

    def test_a_tag_that_is_wrong(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "v0.1.1"]) == 1
        assert capsys.readouterr().err == "cannot release: the tag is v0.1.1, but the version is 0.1.0\n"

    def test_a_heading_of_another_form(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "CHANGELOG.md").write_text("## 0.1.0\n", encoding="utf-8")
        assert main(["check", "v0.1.0"]) == 1
        said = capsys.readouterr().err
        assert said.startswith("cannot release: CHANGELOG.md has a heading that names neither")

    def test_before_tagging(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(release, "untagged", lambda version: [])
        assert main(["check"]) == 0
        assert capsys.readouterr().out == "0.1.0 can be released: git tag v0.1.0\n"

    def test_notes(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["notes"]) == 0
        assert capsys.readouterr().out == "- The first.\n"

    def test_other_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "v0.1.0", "v0.2.0"]) == 2
        assert capsys.readouterr().err.startswith("usage:")
