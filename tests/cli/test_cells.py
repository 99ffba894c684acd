"""Cells, and formulas defused so that they can be restored."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal.cli.cells import cell, defused

TRICKY = st.text(alphabet="'=+-@ \t\r\n\u00a0\ufeff\uff1d1a", max_size=6)


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\ufeff=1",
        "'=1",
        "\uff1d1+1",
        "\uff0b1+1",
        "\uff0d1+1",
        "\uff20A1",
        "\ttext",
        "+31 20 0123456-1",
        "+",
        "-",
    ],
)
def test_formulas_are_defused(formula: str) -> None:
    assert defused(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "text", ["+31 20 0123456", "-5", "'s-Hertogenbosch", "'t Hoekje", "a=b", "", " a", "1-1"]
)
def test_other_cells_are_unchanged(text: str) -> None:
    assert defused(text) == text


@given(TRICKY)
def test_no_formula_is_left(text: str) -> None:
    written = defused(text)
    assert not written.lstrip(" \t\r\n\u00a0\ufeff").startswith(("=", "@", "\uff1d"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("Zoë", "Zoë"),
        ([], ""),
        (["cug_a", "cug_b"], "cug_a cug_b"),
        (["a b", "c"], '["a b", "c"]'),
        (["", "c"], '["", "c"]'),
        (["[1]"], '["[1]"]'),
        ([1], "[1]"),
        ({"a": "é"}, '{"a": "é"}'),
        (True, "true"),
        (5, "5"),
    ],
)
def test_values(value: object, text: str) -> None:
    assert cell(value) == text


@given(st.lists(st.text(max_size=4), max_size=4))
def test_a_list_can_be_restored(words: list[str]) -> None:
    text = cell(words)
    assert (json.loads(text) if text.startswith("[") else text.split()) == words
