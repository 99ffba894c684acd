"""The public names: sorted, complete, and each with its words."""

from __future__ import annotations

import inspect

import mijnklantportaal


def test_all_is_sorted_and_exported() -> None:
    assert mijnklantportaal.__all__ == sorted(mijnklantportaal.__all__)
    assert all(hasattr(mijnklantportaal, name) for name in mijnklantportaal.__all__)


def test_nothing_public_is_left_out() -> None:
    here = {
        name
        for name, value in vars(mijnklantportaal).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert here == set(mijnklantportaal.__all__) - {"__version__"}


def test_everything_public_is_documented() -> None:
    named = [getattr(mijnklantportaal, name) for name in mijnklantportaal.__all__ if name != "__version__"]
    members = [
        member
        for value in named
        if inspect.isclass(value)
        for name, member in vars(value).items()
        if not name.startswith("_") and callable(member) and value.__module__.startswith("mijnklantportaal.")
    ]
    assert [value for value in [*named, *members] if not inspect.getdoc(value)] == []
