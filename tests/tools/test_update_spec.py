"""Updating to upstream's document: rejected without changes, or written, even if a test fails."""

import os
import shutil
from pathlib import Path

import pytest

from tests import processes
from tests.changed import (
    BROKEN,
    COMMENT,
    CURRENT,
    NO_OPENAPI,
    NULLABLE_FIXED,
    OPERATIONS,
    PAGE_DECLARED,
    REMOVED,
    SERVER,
)
from tests.generated import generated
from tools import update_spec
from tools.compare import node
from tools.regenerate.generate import CONFIG, PACKAGE, ROOT
from tools.regenerate.tree import ToolError
from tools.update_spec import main, update

Snapshot = dict[str, bytes]


def snapshot(folder: Path) -> Snapshot:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the document CURRENT and the package generated from it."""
    root = tmp_path / "root"
    shutil.copytree(generated(CURRENT, tmp_path_factory)[0], root / "generated")
    monkeypatch.setattr(update_spec, "build_from", lambda document, *_: generated(document, tmp_path_factory))
    (root / "src" / "mijnklantportaal").mkdir(parents=True)
    shutil.copy(ROOT / "src/mijnklantportaal/_version.py", root / "src/mijnklantportaal")
    for name in ("overlay.yaml", CONFIG):
        shutil.copy(ROOT / name, root)
    (root / "openapi.yaml").write_bytes(CURRENT)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # set where the tests run in a hook of git's
    (root / ".gitignore").write_text("build/\n")
    git(root, "init", "--quiet")
    commit(root)
    monkeypatch.setattr(node, "BIN", tmp_path)
    return root


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    done = processes.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True)
    printed: str = done.stdout
    return printed


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Taken over")


def source(root: Path, document: bytes) -> str:
    path = root.parent / "upstream.yaml"
    path.write_bytes(document)
    return str(path)


def passing() -> bool:
    return True


@pytest.mark.parametrize(
    ("document", "shown", "written"),
    [
        (REMOVED, "Breaking changes: 1\n  Customer.country_code: removed", "models/customer.py"),
        (
            OPERATIONS,
            "payment_links_api (1): list_payment_link_payment",
            "api/payment_links_api/list_payment_link_payment.py",
        ),
        (PAGE_DECLARED, "Breaking changes: none", "api/customers_api/list_customers.py"),
        (NULLABLE_FIXED, "Breaking changes: none", "models/customer.py"),
    ],
)
def test_changes_are_reported_and_written(
    root: Path, document: bytes, shown: str, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[bytes] = []

    def tests() -> bool:
        seen.append((root / "openapi.yaml").read_bytes())
        return True

    told = update(source(root, document), root=root, confirmed=False, tests=tests)
    assert told == "The tests pass. Review `git diff --stat`, then commit."
    out = capsys.readouterr().out
    assert [line[:2] for line in out.splitlines() if line[0].isdigit()] == ["1.", "2.", "3."]
    assert shown in out
    assert (root / "build" / "changes.md").is_file()
    assert seen == [document], "the tests run on the new document"
    assert (root / "openapi.yaml").read_bytes() == document
    text = (root / "generated" / PACKAGE / written).read_text(encoding="utf-8")
    assert "country_code" not in text or document != REMOVED
    if "list_" in written:
        assert text.count("page: int | Unset = UNSET") == 5, "once a function, and no parameter twice"


def test_nothing_changed(root: Path) -> None:
    before = snapshot(root)
    told = update(source(root, CURRENT), root=root, confirmed=False, tests=pytest.fail)
    assert told == "Nothing has changed: openapi.yaml is up to date."
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("document", "cause"),
    [
        (b"<html>", "no OpenAPI document found"),
        (BROKEN, r"^openapi\.yaml:\d+: "),
        (NO_OPENAPI, "no OpenAPI document found"),
        (
            CURRENT.replace(b"openapi: 3.1.1", b"openapi: 2.0.0"),
            "must be a version such as '3.1.1', not '2.0.0'",
        ),
        (CURRENT.replace(b"/customers:", b"/customers/{a}:"), "^GET /customers is missing"),
        (SERVER, r"names another server.*\.eu/v2, was .*make update-spec SOURCE=.* CONFIRM_SERVER=1$"),
    ],
)
def test_invalid_documents_are_rejected_before_any_file_is_changed(
    root: Path, document: bytes, cause: str
) -> None:
    before = snapshot(root)
    with pytest.raises(ToolError, match=cause) as caught:
        update(source(root, document), root=root, confirmed=False, tests=pytest.fail)
    assert "\n" not in str(caught.value)
    assert snapshot(root) == before


def test_another_server_can_be_confirmed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    update(source(root, SERVER), root=root, confirmed=True, tests=passing)
    assert (root / "openapi.yaml").read_bytes() == SERVER


def test_new_files_stay_if_a_test_fails_and_git_restores_the_old_ones(root: Path) -> None:
    before = snapshot(root)
    with pytest.raises(
        ToolError, match=r"^the tests fail .* The new files were kept: .*; or restore the old files: (.*)$"
    ) as caught:
        update(source(root, OPERATIONS), root=root, confirmed=False, tests=lambda: False)
    assert (root / "openapi.yaml").read_bytes() == OPERATIONS
    assert (root / "generated" / PACKAGE / "api" / "payment_links_api").is_dir()
    processes.run(
        str(caught.value).partition("restore the old files: ")[2],
        shell=True,
        cwd=root,
        check=True,
        timeout=60,
    )
    shutil.rmtree(root / "build")
    assert {name: data for name, data in snapshot(root).items() if not name.startswith(".git/")} == {
        name: data for name, data in before.items() if not name.startswith(".git/")
    }


@pytest.mark.parametrize("name", ["openapi.yaml", "generated/new.py", f"generated/{PACKAGE}/client.py"])
def test_nothing_that_git_does_not_hold_is_overwritten(root: Path, name: str) -> None:
    with (root / name).open("a") as file:
        file.write("# mine\n")
    before = snapshot(root)
    with pytest.raises(ToolError, match=r"uncommitted changes: .* discard them with: git restore"):
        update(source(root, REMOVED), root=root, confirmed=False, tests=pytest.fail)
    assert snapshot(root) == before
    commit(root)
    update(source(root, REMOVED), root=root, confirmed=False, tests=passing)
    assert (root / "openapi.yaml").read_bytes() == REMOVED


def test_without_git_that_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(root / ".git")
    update(source(root, REMOVED), root=root, confirmed=False, tests=passing)
    assert "Not a git repository: the old files cannot be restored." in capsys.readouterr().out


class TestCommand:
    @pytest.fixture(autouse=True)
    def _here(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(update_spec, "ROOT", root)
        monkeypatch.setattr(update_spec, "_tests", passing)

    def test_takes_a_file(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([source(root, COMMENT)]) == 0
        assert main([source(root, COMMENT)]) == 0
        assert capsys.readouterr().out.endswith("Nothing has changed: openapi.yaml is up to date.\n")

    def test_another_server(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("CONFIRM_SERVER", raising=False)
        assert main([source(root, SERVER)]) == 1
        assert capsys.readouterr().err.startswith("error: the document names another server")
        monkeypatch.setenv("CONFIRM_SERVER", "1")
        assert main([source(root, SERVER)]) == 0
