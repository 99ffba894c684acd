"""Regenerate on spec change: the whole API goes through the same pipeline, and src/ lists all of it."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal import MijnKlantportaal, NotFoundError, paginate
from tests import processes
from tests.generated import WHOLE, generated_whole
from tests.support import KEY, answer, page, serving

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the package `whole_api`, on `sys.path`."""
    folder = generated_whole(tmp_path_factory)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == WHOLE]:
        del sys.modules[name]


def operation(name: str) -> Any:
    return importlib.import_module(f"{WHOLE}.api.{name}")


def lists(folder: Path) -> dict[str, str]:
    """The list operations by the name of their module, and their paths."""
    document = json.loads((folder / WHOLE / "openapi.json").read_bytes())
    return {
        f"{_snake(item['get']['tags'][0])}.{_snake(item['get']['operationId'])}": path
        for path, item in document["paths"].items()
        if any(parameter["name"] == "page" for parameter in item.get("get", {}).get("parameters", ()))
    }


def _snake(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name).lower()


def test_every_list_of_the_document_is_listed(whole: Path) -> None:
    found = lists(whole)
    assert len(found) == 16
    for name, path in found.items():
        arguments = ["x" for _ in re.findall(r"\{", path)]
        with (
            serving(page(1, ["a", "b"], more=True), page(2, ["c"], more=False)) as wire,
            MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
        ):
            items = list(paginate(operation(name).sync, *arguments, client=portal.client))
            ids = [getattr(item, "id", None) or item.additional_properties["id"] for item in items]
            assert ids == ["a", "b", "c"], name
            asked = re.sub(r"\{\w+\}", "x", path)
            assert wire.targets == [f"/v1{asked}?page={number}" for number in (1, 2)]


def test_operations_that_are_no_lists(whole: Path) -> None:
    get_customer = operation("customers_api.get_customer")
    create_customer = operation("customers_api.create_customer")
    with pytest.raises(TypeError, match=r"get_customer\.sync has no parameter page"):
        paginate(get_customer.sync, "cst_1", client=None)
    with pytest.raises(TypeError, match=r"create_customer\.sync has no parameter page"):
        paginate(create_customer.sync, client=None)
    with (
        serving(answer({"id": "cst_1"}), answer({"message": "No query results."}, status=404)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        assert get_customer.sync("cst_1", client=portal.client).id == "cst_1"
        with pytest.raises(
            NotFoundError, match=r"GET /v1/customers/cst_2: 404 Not Found: No query results\."
        ):
            get_customer.sync("cst_2", client=portal.client)


def typed(folder: Path) -> str:
    """A module in which a type checker must infer the item type of every list."""
    document = json.loads((folder / WHOLE / "openapi.json").read_bytes())
    lines = [f"from {WHOLE} import models", f"from {WHOLE}.client import Client"]
    checks: list[str] = []
    for name, path in lists(folder).items():
        tag, _, module = name.partition(".")
        answers = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        item = answers["schema"]["properties"]["data"]["items"]["$ref"].rpartition("/")[2]
        arguments = "".join('"x", ' for _ in re.findall(r"\{", path))
        lines.append(f"from {WHOLE}.api.{tag} import {module}")
        call = f"paginate({module}.sync, {arguments}client=client)"
        checks.append(f"    assert_type(list({call}), list[models.{item}])")
    without = "    paginate(list_payment_link_payment.sync, client=client)"
    checks.append(f"{without}  # type: ignore[call-arg]  # pyright: ignore")
    head = ["from typing import assert_type", "from mijnklantportaal import paginate", *lines]
    return "\n".join([*head, "def check(client: Client) -> None:", *checks, ""])


@pytest.mark.slow
def test_item_types_and_path_parameters_are_inferred(whole: Path, tmp_path: Path) -> None:
    code = typed(whole)
    assert code.count("assert_type(list(") == 16
    (tmp_path / "typed.py").write_text(code)
    search = [str(whole), str(ROOT / "src"), str(ROOT / "generated")]
    strict = {"typeCheckingMode": "strict", "enableTypeIgnoreComments": False}
    config = {"extraPaths": search, "reportUnnecessaryTypeIgnoreComment": True} | strict
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    mypy = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "typed.py"]
    pyright = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", "."]
    for command in (mypy, pyright):
        done = processes.run(
            command,
            cwd=tmp_path,
            env={"MYPYPATH": ":".join(search), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
