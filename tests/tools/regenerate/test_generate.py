import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.larger import generate_larger
from tools.regenerate import generate
from tools.regenerate.generate import CONFIG, PACKAGE, ROOT, differences, main, swap

Snapshot = dict[str, bytes]


def snapshot(folder: Path) -> Snapshot:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copy_sources(folder: Path) -> Path:
    for name in ("openapi.yaml", "overlay.yaml", CONFIG):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sources with the package that the command makes of them."""
    root = copy_sources(tmp_path_factory.mktemp("fresh"))
    assert main(["--root", str(root)]) == 0
    return root


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    """A copy of it to do harm to."""
    return shutil.copytree(fresh, tmp_path / "root")


class TestGenerate:
    def test_the_committed_package_is_what_the_sources_give(self, fresh: Path) -> None:
        assert differences(fresh / "generated", ROOT / "generated") == []

    def test_another_folder_and_surroundings_give_the_same_bytes(
        self, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # What would show, were it looked at: beside the sources, and where temporary files go.
        for folder in (tmp_path / "a b" / "deeper", tmp_path / "temporary"):
            folder.mkdir(parents=True)
            (folder / "ruff.toml").write_text("line-length = 60\n[format]\nquote-style = 'single'\n")
            (folder / ".gitignore").write_text("*\n")
        root = copy_sources(tmp_path / "a b" / "deeper")
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        monkeypatch.setenv("RUFF_OUTPUT_FILE", "report.txt")
        monkeypatch.setenv("PYTHONHASHSEED", "7")
        monkeypatch.setenv("PATH", "")
        monkeypatch.chdir(root)
        assert main(["--root", "."]) == 0
        assert snapshot(root / "generated") == snapshot(fresh / "generated")
        assert {path.name for path in (tmp_path / "temporary").iterdir()} == {"ruff.toml", ".gitignore"}

    def test_what_is_added_to_the_generators_output(self, fresh: Path) -> None:
        package = fresh / "generated" / PACKAGE
        assert (package / "py.typed").read_bytes() == b""
        document = (package / "openapi.json").read_bytes()
        assert document.startswith(b'{\n  "openapi": "3.1.1",\n  "info": {\n')
        assert document.endswith(b"\n}\n")

    def test_it_records_what_it_was_made_of(self, fresh: Path) -> None:
        recorded = json.loads((fresh / "generated" / PACKAGE / "provenance.json").read_bytes())
        vendored = hashlib.sha256((ROOT / "openapi.yaml").read_bytes()).hexdigest()
        pinned = re.findall(
            r"^openapi-python-client==(.+)$", (ROOT / "requirements-dev.txt").read_text(), re.M
        )
        assert recorded == {
            "openapi.yaml": f"sha256:{vendored}",
            "generator": f"openapi-python-client {pinned[0]}",
            "notes": recorded["notes"],
        }
        assert all(note.keys() == {"kind", "where", "what"} for note in recorded["notes"])

    def test_unset_shows_no_address(self, fresh: Path) -> None:
        types = (fresh / "generated" / PACKAGE / "types.py").read_text(encoding="utf-8")
        assert '    def __repr__(self) -> str:\n        return "UNSET"\n' in types

    def test_nothing_else_is_left_behind(self, fresh: Path) -> None:
        assert {path.name for path in fresh.iterdir()} == {
            "openapi.yaml",
            "overlay.yaml",
            CONFIG,
            "generated",
        }
        assert {path.name for path in (fresh / "generated").iterdir()} == {PACKAGE}
        assert not any(path.name in {"__pycache__", ".ruff_cache"} for path in fresh.rglob("*"))

    def test_the_larger_document(self, tmp_path: Path) -> None:
        packages = generate_larger(tmp_path)
        api = packages / "larger_api" / "api"
        assert sorted(
            path.relative_to(api).as_posix() for path in api.rglob("*.py") if path.stem != "__init__"
        ) == [
            "customers_api/create_customer.py",
            "customers_api/get_customer.py",
            "customers_api/list_customers.py",
            "invoices_api/list_invoices.py",
            "payment_links_api/list_payment_link_payment.py",
        ]
        for module in api.rglob("list_*.py"):
            assert "page: int | Unset = UNSET" in module.read_text(encoding="utf-8"), module
        # An operation that repeats the document's security takes the same client as the others.
        created = (api / "customers_api" / "create_customer.py").read_text(encoding="utf-8")
        assert "client: AuthenticatedClient | Client" in created
        # Errors are the transport's: they make no union of what a call returns.
        assert "-> Customer | None" in created


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def no_ruff(root: Path) -> None:
    (root / CONFIG).write_text("post_hooks: ['ruffian check .']\n")


FAILURES = [
    pytest.param(edit("openapi.yaml", "paths:", "paths: ["), "error: openapi.yaml:", id="broken YAML"),
    pytest.param(
        edit("openapi.yaml", "createdAt:", "madeAt:"), "error: overlay.yaml: action 9 of 9", id="no match"
    ),
    pytest.param(
        edit("openapi.yaml", "  /customers:", "  /customers/{groupId}:"),
        "error: openapi-python-client: WARNING parsing GET /customers/{groupId} within customers_api. "
        "Endpoint will not be generated.",
        id="skipped operation",
    ),
    pytest.param(
        edit(
            "openapi.yaml",
            "            type: string\n            example: cug",
            "            type: strong\n            example: cug",
        ),
        "error: openapi-python-client: ",
        id="type that does not exist",
    ),
    pytest.param(
        no_ruff, "error: openapi-python-client: Skipping Integration ruffian is not in PATH", id="no hook"
    ),
    pytest.param(
        edit(CONFIG, "literal_enums: true", "literal_enums: [1]"),
        "error: openapi-python-client: ",
        id="option",
    ),
    pytest.param(
        edit(CONFIG, "post_hooks:", "post_hooks: ]"), f"error: {CONFIG}:", id="broken configuration"
    ),
    pytest.param(lambda root: (root / "openapi.yaml").unlink(), "error: ", id="no document"),
]


class TestFailure:
    @pytest.fixture
    def temporary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "temporary").mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        return tmp_path / "temporary"

    @pytest.mark.parametrize(("harm", "cause"), FAILURES)
    def test_leaves_the_old_package_and_says_one_cause(
        self,
        root: Path,
        temporary: Path,
        harm: Callable[[Path], None],
        cause: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        harm(root)
        before = snapshot(root)
        assert main(["--root", str(root)]) == 1
        assert snapshot(root) == before
        assert list(temporary.iterdir()) == []
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(cause)
        assert err.count("\n") == 1
        assert str(temporary) not in err

    def test_generator_missing(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = snapshot(root)
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert main(["--root", str(root)]) == 1
        assert snapshot(root) == before
        assert capsys.readouterr().err == (
            f"error: openapi-python-client and ruff must be installed for {sys.executable}\n"
        )


class TestSwap:
    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        (tmp_path / "package").mkdir()
        (tmp_path / "package" / "new.py").write_text("new")
        return tmp_path / "package"

    @pytest.fixture
    def target(self, tmp_path: Path) -> Path:
        target = tmp_path / "generated" / PACKAGE
        target.mkdir(parents=True)
        (target / "old.py").write_text("old")
        return target

    def test_replaces_all_of_it(self, package: Path, target: Path) -> None:
        swap(package, target)
        assert snapshot(target.parent) == {f"{PACKAGE}/new.py": b"new"}
        assert snapshot(package) == {"new.py": b"new"}

    def test_makes_the_first(self, package: Path, tmp_path: Path) -> None:
        swap(package, tmp_path / "generated" / PACKAGE)
        assert snapshot(tmp_path / "generated") == {f"{PACKAGE}/new.py": b"new"}

    def test_renames_only_beside_the_target(
        self, package: Path, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Elsewhere can be another file system, where a rename fails or copies.
        rename = Path.rename

        def watched(self: Path, to: Path) -> Path:
            assert self.is_relative_to(target.parent)
            assert to.is_relative_to(target.parent)
            return rename(self, to)

        monkeypatch.setattr(Path, "rename", watched)
        swap(package, target)

    @pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
    def test_a_copy_that_fails(
        self, package: Path, target: Path, failure: BaseException, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(source: Path, destination: Path) -> None:
            destination.mkdir()
            (destination / "half.py").write_text("half")
            raise failure

        monkeypatch.setattr(shutil, "copytree", fail)
        with pytest.raises(type(failure)):
            swap(package, target)
        assert snapshot(target.parent) == {f"{PACKAGE}/old.py": b"old"}
        assert list(target.parent.iterdir()) == [target]

    @pytest.mark.parametrize("failure", [OSError("no"), KeyboardInterrupt()])
    def test_a_rename_that_fails(
        self, package: Path, target: Path, failure: BaseException, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rename = Path.rename

        def fail(self: Path, to: Path) -> Path:
            if self.name == "new":
                raise failure
            return rename(self, to)

        monkeypatch.setattr(Path, "rename", fail)
        with pytest.raises(type(failure)):
            swap(package, target)
        assert snapshot(target.parent) == {f"{PACKAGE}/old.py": b"old"}
        assert list(target.parent.iterdir()) == [target]


class TestCheck:
    @pytest.fixture(autouse=True)
    def generator_that_takes_no_time(self, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def build(root: Path, package: Path) -> None:
            shutil.copytree(fresh / "generated" / PACKAGE, package)

        monkeypatch.setattr(generate, "build", build)

    def test_in_sync(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cache = root / "generated" / PACKAGE / "models" / "__pycache__"
        cache.mkdir()
        (cache / "customer.cpython-311.pyc").write_bytes(b"x")
        before = snapshot(root)
        assert main(["--check", "--root", str(root)]) == 0
        assert capsys.readouterr() == ("", "")
        assert snapshot(root) == before

    def test_names_what_differs(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        package = root / "generated" / PACKAGE
        with (package / "models" / "customer.py").open("ab") as file:
            file.write(b" ")
        (package / "py.typed").unlink()
        (package / "models" / "extra.py").touch()
        (root / "generated" / "stray.txt").touch()
        before = snapshot(root)
        assert main(["--check", "--root", str(root)]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.splitlines() == [
            f"changed: generated/{PACKAGE}/models/customer.py",
            f"extra: generated/{PACKAGE}/models/extra.py",
            f"missing: generated/{PACKAGE}/py.typed",
            "extra: generated/stray.txt",
            "generated/ is not what the sources give: run `make generate`",
        ]
        assert snapshot(root) == before

    def test_no_package_at_all(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.rmtree(root / "generated")
        assert main(["--check", "--root", str(root)]) == 1
        assert f"missing: generated/{PACKAGE}/client.py\n" in capsys.readouterr().err
        assert not (root / "generated").exists()


def test_check_regenerates(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("openapi.yaml", "        city:", "        town:")(root)
    assert main(["--check", "--root", str(root)]) == 1
    err = capsys.readouterr().err.splitlines()
    assert f"changed: generated/{PACKAGE}/models/customer.py" in err
    assert f"changed: generated/{PACKAGE}/openapi.json" in err
