"""The exception hierarchy: its docstring is complete, and so are its messages."""

from __future__ import annotations

import pickle
import re

import httpx
import pytest

import mijnklantportaal
from mijnklantportaal import errors
from mijnklantportaal.errors import (
    MijnKlantportaalError,
    PermissionDeniedError,
    RateLimitError,
    RequestError,
    StatusError,
)

ERRORS = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, Exception)
}


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"([ │├└─]*)(\w+Error)\b", line):
            depth = len(match[1])
            above = [entry for entry in above if entry[0] < depth]
            drawn[match[2]] = above[-1][1] if above else "Exception"
            above.append((depth, match[2]))
    assert drawn == {name: value.__bases__[0].__name__ for name, value in ERRORS.items()}


def test_every_error_is_public() -> None:
    assert set(ERRORS) <= set(mijnklantportaal.__all__)
    assert all(issubclass(value, MijnKlantportaalError) for value in ERRORS.values())


def failed(
    error_class: type[RequestError], status: int, path: str = "customers", method: str = "GET"
) -> RequestError:
    request = httpx.Request(method, f"https://api.example.nl/v1/{path}")
    return error_class(str(status), request=request, response=httpx.Response(status), page=3)


def test_text_says_what_where_and_what_next() -> None:
    error = failed(errors.AuthenticationError, 401)
    assert str(error) == (
        "GET /v1/customers (page 3): 401. "
        "Check the API key: is it complete, from this portal, and not revoked?"
    )


def test_without_a_request_it_says_what_it_knows() -> None:
    error = RequestError("something")
    assert str(error) == "something."
    assert (error.method, error.path, error.status_code, error.page) == (None, None, None, None)


@pytest.mark.parametrize(
    ("path", "method", "scope"),
    [
        ("customers", "GET", "`customers.read`"),
        ("customers", "POST", "this operation"),
        ("invoices", "GET", "this operation"),
    ],
)
def test_permission_error_names_the_scope_where_it_is_known(path: str, method: str, scope: str) -> None:
    assert scope in str(failed(PermissionDeniedError, 403, path, method))


def test_redirects_point_to_the_base_url() -> None:
    error = failed(StatusError, 302)
    assert "base URL" not in str(error)
    assert error.response is not None
    error.response.headers["Location"] = "https://elsewhere.example"
    assert "check the base URL" in str(error)


@pytest.mark.parametrize("status", [304, 400, 418])
def test_other_statuses_point_to_the_response(status: int) -> None:
    assert str(failed(StatusError, status)).endswith(". See `response`: the API may have said why")


@pytest.mark.parametrize(("page", "next_step"), [(3, "Resume the listing at page 3"), (None, "")])
def test_a_pagination_error_names_the_page_to_resume_at(page: int | None, next_step: str) -> None:
    assert errors.PaginationError("the API returned page 7", page=page).next_step == next_step


def test_rate_limit_error_without_a_time() -> None:
    assert "Try again in a minute" in str(failed(RateLimitError, 429))


@pytest.mark.parametrize("error_class", ERRORS.values())
def test_errors_survive_another_process(error_class: type[Exception]) -> None:
    error = error_class("what")
    if isinstance(error, RequestError):
        error.page = 7
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is error_class
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
