"""Regenerate on spec change: a larger document goes through the same pipeline, and src/ lists all of it."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal import MijnKlantportaal, NotFoundError, paginate
from tests import processes
from tests.larger import generate_larger
from tests.support import KEY, answer, page, serving


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the package `larger_api`, importable."""
    folder = generate_larger(tmp_path_factory.mktemp("larger"))
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "larger_api"]:
        del sys.modules[name]


def operation(name: str) -> Any:
    return importlib.import_module(f"larger_api.api.{name}")


@pytest.mark.parametrize(
    ("name", "arguments", "path"),
    [
        ("customers_api.list_customers", (), "/v1/customers?page="),
        ("invoices_api.list_invoices", (), "/v1/invoices?page="),
        ("payment_links_api.list_payment_link_payment", ("plk_1",), "/v1/payment-links/plk_1/payments?page="),
    ],
)
def test_every_list_operation_of_a_new_document_is_listed(
    larger: Path, name: str, arguments: tuple[str, ...], path: str
) -> None:
    with (
        serving(page(1, ["a", "b"], more=True), page(2, ["c"], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        items = list(paginate(operation(name).sync, *arguments, client=portal.client))
        assert [item.id for item in items] == ["a", "b", "c"]
        assert wire.targets == [f"{path}1", f"{path}2"]


def test_an_operations_own_filters_go_along_on_every_page(larger: Path) -> None:
    with (
        serving(page(1, ["a"], more=True), page(2, ["b"], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, concurrency=1) as portal,
    ):
        list(paginate(operation("invoices_api.list_invoices").sync, client=portal.client, status="open"))
        assert [target.partition("?")[2] for target in wire.targets] == [
            "status=open&page=1",
            "status=open&page=2",
        ]


def test_operations_that_are_no_lists(larger: Path) -> None:
    get_customer = operation("customers_api.get_customer")
    create_customer = operation("customers_api.create_customer")
    with pytest.raises(TypeError, match=r"get_customer\.sync takes no page"):
        paginate(get_customer.sync, "cst_1", client=None)
    with pytest.raises(TypeError, match=r"create_customer\.sync takes no page"):
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


TYPED = """
from typing import assert_type
from larger_api.api.payment_links_api import list_payment_link_payment
from larger_api.client import Client
from larger_api.models import Payment
from mijnklantportaal import paginate

def check(client: Client) -> None:
    assert_type(list(paginate(list_payment_link_payment.sync, "plk_1", client=client)), list[Payment])
    paginate(list_payment_link_payment.sync, client=client)  # type: ignore[call-arg]  # pyright: ignore
"""


def test_item_types_and_path_parameters_are_inferred(larger: Path, tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(TYPED)
    search = [
        str(larger),
        str(Path(__file__).parent.parent / "src"),
        str(Path(__file__).parent.parent / "generated"),
    ]
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
