import json
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mijnklantportaal.sandbox.responses import page_number, php_json, respond


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "abc", "1.5", "01", "0x2", "2,", "٣", "²", "9" * 19, "1" * 9999]
)
def test_invalid_pages_mean_page_1(text: str) -> None:
    assert page_number(urlencode({"page": text})) == 1


@pytest.mark.parametrize("query", ["", "page", "page=2&page=", "x=2", "page=%ff"])
def test_without_a_page_it_is_page_1(query: str) -> None:
    assert page_number(query) == 1


@pytest.mark.parametrize(
    ("text", "page"), [("1", 1), ("2", 2), ("+3", 3), (" 4\n", 4), (str(2**63 - 1), 2**63 - 1)]
)
def test_valid_pages(text: str, page: int) -> None:
    assert page_number(urlencode({"page": text})) == page


@given(st.text() | st.from_regex(r"[-+ ]?[0-9]{1,25}"))
@example("--1")
def test_any_text_is_a_page(text: str) -> None:
    assert 1 <= page_number(urlencode({"page": text})) < 2**63


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=10))
def test_php_json_is_json_in_ascii(value: object) -> None:
    encoded = php_json(value)
    assert encoded.isascii()
    assert json.loads(encoded) == value


def test_php_json_escapes_as_php_does() -> None:
    assert php_json({"a": ["Café/Zoë", None, "🌷", "'&<"]}) == (
        b'{"a":["Caf\\u00e9\\/Zo\\u00eb",null,"\\ud83c\\udf37","\'&<"]}'
    )


def test_with_headers_sets_and_removes_in_any_case() -> None:
    response = respond(404, 0, {}).with_headers({"content-TYPE": "text/plain", "Date": None, "X-New": "1"})
    assert list(response.headers.items()) == [
        ("content-TYPE", "text/plain"),
        ("X-New", "1"),
        ("Cache-Control", "no-cache, private"),
    ]
