import copy
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.changed import CURRENT
from tests.generated import WHOLE, generated, generated_whole
from tests.whole import as_json
from tools.regenerate import generate
from tools.regenerate.effective import load
from tools.regenerate.generate import CONFIG, PACKAGE, ROOT, differences, main, swap
from tools.regenerate.notes import Note
from tools.regenerate.trial import trial

Snapshot = dict[str, bytes]


def snapshot(folder: Path) -> Snapshot:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copy_sources(folder: Path) -> Path:
    for name in ("openapi.yaml", "overlay.yaml", CONFIG):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sources and the package generated from them."""
    root = copy_sources(tmp_path_factory.mktemp("fresh"))
    assert main(["--root", str(root)]) == 0
    return root


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    """A copy that a test can change."""
    return shutil.copytree(fresh, tmp_path / "root")


class TestGenerate:
    def test_the_committed_package_is_up_to_date(self, fresh: Path) -> None:
        assert differences(fresh / "generated", ROOT / "generated") == []

    def test_folder_and_environment_do_not_change_the_result(
        self, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Files that would change the result if they were read.
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

    def test_it_records_its_sources(self, fresh: Path) -> None:
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

    def test_unset_has_a_repr(self, fresh: Path) -> None:
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

    @pytest.mark.parametrize("at", [0, 1])
    def test_two_lists_of_customers(self, at: int, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Whichever comes first, the page of `list_customers` is a `CustomerPage`."""
        document = load(CURRENT, "customers.yaml")
        archived = copy.deepcopy(document["paths"]["/customers"])
        archived["get"]["operationId"] = "list-archived-customers"
        paths = list(document["paths"].items())
        paths.insert(at, ("/archived-customers", archived))
        package = generated(as_json({**document, "paths": dict(paths)}), tmp_path_factory)[0] / PACKAGE
        module = package / "api" / "customers_api" / "list_customers.py"
        assert "-> CustomerPage | None" in module.read_text(encoding="utf-8")
        assert (module.parent / "list_archived_customers.py").exists()

    def test_the_whole_api(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        package = generated_whole(tmp_path_factory) / WHOLE
        api = package / "api"
        found = {path.relative_to(api).as_posix() for path in api.rglob("*.py") if path.stem != "__init__"}
        assert len(found) == 70
        assert "customers_api/list_customers.py" in found
        lists = [module for module in api.rglob("list_*.py") if module.stem != "list_appointments"]
        assert len(lists) == 16
        for module in lists:
            assert "page: int | Unset = UNSET" in module.read_text(encoding="utf-8"), module
        # Errors are the transport's: they make no union of what a call returns.
        created = (api / "customers_api" / "create_customer.py").read_text(encoding="utf-8")
        assert "-> Customer | None" in created
        said = json.loads((package / "provenance.json").read_bytes())["notes"]
        assert [note["where"] for note in said if note["kind"] in {"left out", "dropped"}] == []
        assert {note["where"] for note in said if note["kind"] == "incomplete"} == {
            "POST /agreements: request body"
        }


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
        edit("openapi.yaml", "  /customers:", "  /clients:"),
        "error: GET /customers is missing, but list_customers(), ",
        id="no customers",
    ),
    pytest.param(
        edit("openapi.yaml", "    get:", "    gets:"),
        "error: GET /customers is missing, but list_customers(), ",
        id="nothing left",
        marks=pytest.mark.document,
    ),
    pytest.param(
        edit(
            "openapi.yaml",
            "      properties:\n        id:\n",
            "      properties:\n        to_dict:\n          type: string\n        id:\n",
        ),
        "error: GET /customers is left out (its generated call fails: TypeError: ",
        id="a field that the generated code cannot have",
        marks=pytest.mark.document,
    ),
    pytest.param(
        no_ruff, "error: openapi-python-client: Warning(s) encountered while generating.", id="no hook"
    ),
    pytest.param(
        edit(CONFIG, "literal_enums: true", "literal_enums: [1]"),
        f"error: openapi-python-client: unable to parse {CONFIG}: ",
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
    def test_keeps_the_old_package_and_prints_one_line(
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

    def test_ruff_missing(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = snapshot(root)
        monkeypatch.setattr("shutil.which", lambda name, path: None)
        assert main(["--root", str(root)]) == 1
        assert snapshot(root) == before
        assert capsys.readouterr().err == f"error: ruff must be installed for {sys.executable}\n"

    def test_strict(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def build(root: Path, package: Path) -> list[Note]:
            package.mkdir()
            return [Note("adjusted", "Customer", "`nullable` is not JSON Schema")]

        monkeypatch.setattr(generate, "build", build)
        before = snapshot(root)
        assert main(["--root", str(root), "--strict"]) == 1
        assert snapshot(root) == before
        out, err = capsys.readouterr()
        assert "`nullable`" in out
        assert err == "error: --strict: there are notes on openapi.yaml (above); nothing was written\n"


class TestTrial:
    """An operation whose generated call fails is left out, and the package is generated again."""

    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        """A package of three operations: one cannot be imported, one does not parse its response."""
        generated = tmp_path / "some_api"
        shutil.copytree(ROOT / "generated" / PACKAGE, generated)
        (generated / "api" / "customers_api" / "get_customer.py").write_text("import nothing_of_that_name\n")
        code = (generated / "api" / "customers_api" / "list_customers.py").read_text(encoding="utf-8")
        (generated / "api" / "customers_api" / "find_customers.py").write_text(
            code.replace("CustomerPage.from_dict(response.json())", "None").replace(
                '"/customers"', '"/found"'
            )
        )
        document = json.loads((generated / "openapi.json").read_bytes())
        listing = document["paths"]["/customers"]["get"]
        document["paths"] = {"/customers": {"get": listing}} | {
            f"/{name}": {"get": listing | {"operationId": f"{name}-customers"}} for name in ("get", "found")
        }
        document["paths"]["/get"]["get"]["operationId"] = "get-customer"
        document["paths"]["/found"]["get"]["operationId"] = "find-customers"
        (generated / "openapi.json").write_text(json.dumps(document))
        return generated

    def test_operations_that_fail_are_reported(self, package: Path) -> None:
        assert trial(package) == {
            "GET /get": "ModuleNotFoundError: No module named 'nothing_of_that_name'",
            "GET /found": "AssertionError: its response is not parsed",
        }

    def test_an_operation_that_fails_is_left_out(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        edit(
            "openapi.yaml", "paths:\n", "paths:\n  /ping:\n    get: {responses: {'204': {description: ok}}}\n"
        )(root)
        tried: list[int] = []

        def fails_once(package: Path) -> dict[str, str]:
            tried.append(len(list((package / "api").rglob("*.py"))))
            return {} if len(tried) > 1 else {"GET /ping": "TypeError: no"}

        monkeypatch.setattr(generate, "trial", fails_once)
        assert main(["--root", str(root)]) == 0
        assert len(tried) == 2
        package = root / "generated" / PACKAGE
        paths = json.loads((package / "openapi.json").read_bytes())["paths"]
        assert ("/ping" in paths, "/customers" in paths) == (False, True)
        assert json.loads((package / "provenance.json").read_bytes())["notes"][0] == {
            "kind": "left out",
            "where": "GET /ping",
            "what": "its generated call fails: TypeError: no",
        }


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

    def test_replaces_the_whole_package(self, package: Path, target: Path) -> None:
        swap(package, target)
        assert snapshot(target.parent) == {f"{PACKAGE}/new.py": b"new"}
        assert snapshot(package) == {"new.py": b"new"}

    def test_creates_the_first_package(self, package: Path, tmp_path: Path) -> None:
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
    def instant_build(self, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def build(root: Path, package: Path) -> list[Note]:
            shutil.copytree(fresh / "generated" / PACKAGE, package)
            return []

        monkeypatch.setattr(generate, "build", build)

    def test_up_to_date(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cache = root / "generated" / PACKAGE / "models" / "__pycache__"
        cache.mkdir()
        (cache / "customer.cpython-311.pyc").write_bytes(b"x")
        before = snapshot(root)
        assert main(["--check", "--root", str(root)]) == 0
        assert capsys.readouterr() == ("", "")
        assert snapshot(root) == before

    def test_lists_differences(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
            "generated/ is out of date: run `make generate`",
        ]
        assert snapshot(root) == before

    def test_no_package(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.rmtree(root / "generated")
        assert main(["--check", "--root", str(root)]) == 1
        assert f"missing: generated/{PACKAGE}/client.py\n" in capsys.readouterr().err
        assert not (root / "generated").exists()


def test_check_regenerates(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "trial", lambda package: {})  # takes half a second
    edit("openapi.yaml", "        city:", "        town:")(root)
    assert main(["--check", "--root", str(root)]) == 1
    err = capsys.readouterr().err.splitlines()
    assert f"changed: generated/{PACKAGE}/models/customer.py" in err
    assert f"changed: generated/{PACKAGE}/openapi.json" in err
