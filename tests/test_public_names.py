"""The public names: sorted, complete and documented."""

from __future__ import annotations

import ast
import inspect
import sys

import pytest

import mijnklantportaal
from tests import processes


def test_all_is_sorted_and_exported() -> None:
    names = mijnklantportaal.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))  # constants first
    assert all(hasattr(mijnklantportaal, name) for name in names)


def test_nothing_public_is_left_out() -> None:
    source = ast.parse(inspect.getsource(mijnklantportaal))
    imported = {
        alias.name for node in ast.walk(source) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported - {"import_module", "TYPE_CHECKING"} == set(mijnklantportaal.__all__)
    assert set(mijnklantportaal.__all__) <= set(dir(mijnklantportaal))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'list_customers'"):
        mijnklantportaal.list_customers  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_package_loads_neither_httpx_nor_the_generated_code() -> None:
    code = "import sys, mijnklantportaal; print(sorted({'httpx', 'mijnklantportaal_api'} & set(sys.modules)))"
    done = processes.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_everything_public_is_documented() -> None:
    undocumented = {"__version__", "UNSET", "Unset"}  # the last two are of the generator's
    named = [getattr(mijnklantportaal, name) for name in mijnklantportaal.__all__ if name not in undocumented]
    members = [
        member
        for value in named
        if inspect.isclass(value)
        for name, member in vars(value).items()
        if not name.startswith("_") and callable(member) and value.__module__.startswith("mijnklantportaal.")
    ]
    assert [value for value in [*named, *members] if not inspect.getdoc(value)] == []


def test_asyncio_and_connections_are_not_loaded_before_a_portal_is_opened() -> None:
    code = (
        "import sys; from mijnklantportaal import MijnKlantportaal;"
        "print(sorted({'asyncio', 'httpcore'} & set(sys.modules)))"
    )
    assert (
        processes.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
