"""Each fault over real HTTP, as a plain client sees it."""

import threading
import time
from datetime import datetime
from typing import Any, cast

import httpx
import pytest

from mijnklantportaal.sandbox import Fault, ReceivedRequest, Sandbox, by_page
from mijnklantportaal.sandbox.faults import Delay, Drop, Edit, Headers, Html, Status, Truncate, WrongPage
from tests.sandbox.helpers import client_of, served


def get(fault: Fault) -> httpx.Response:
    """The response to the first request of a portal of 40, and the second one must be good again."""
    with served(customers=40, faults={1: fault}) as (_, client):
        response = client.get("/customers")
        assert client.get("/customers").json()["current_page"] == 1
        return response


@pytest.mark.parametrize("status", [201, 302, 400, 418, 500, 502, 503, 504, 520, 524, 599])
def test_status(status: int) -> None:
    response = get(Status(status))
    assert response.status_code == status
    assert "X-RateLimit-Limit" not in response.headers
    assert "message" in response.json()


def test_status_without_content() -> None:
    assert get(Status(204)).content == b""


@pytest.mark.parametrize("status", [99, 101, 600])
def test_an_invalid_status(status: int) -> None:
    with pytest.raises(ValueError, match=str(status)):
        Status(status)


def test_status_with_headers_and_body() -> None:
    response = get(Status(503, {"message": "Even geduld/é"}, {"Retry-After": "7", "Cache-Control": None}))
    assert response.headers["Retry-After"] == "7"
    assert "Cache-Control" not in response.headers
    assert response.content == b'{"message":"Even geduld\\/\\u00e9"}'
    assert get(Status(200, "é")).content == "é".encode()
    assert get(Status(200, b"\xff")).content == b"\xff"


@pytest.mark.parametrize("value", [None, "0", "-5", "junk", "Sun, 22 Nov 2026 14:24:00 GMT", "999999999999"])
def test_an_invented_429_is_not_counted(value: str | None) -> None:
    with served(faults={1: Status(429, headers={"Retry-After": value})}, limit=1) as (sandbox, client):
        response = client.get("/customers")
        assert response.status_code == 429
        assert response.json() == {"code": 429, "message": "Too many requests."}
        assert response.headers.get("Retry-After") == value
        assert client.get("/customers").status_code == 200
        assert [(r.status, r.remaining) for r in sandbox.requests] == [(429, 1), (200, 0)]


def test_other_faults_are_counted() -> None:
    with served(faults={1: Status(500)}, limit=1) as (_, client):
        assert client.get("/customers").status_code == 500
        assert client.get("/customers").status_code == 429


@pytest.mark.parametrize("status", [200, 520])
def test_html(status: int) -> None:
    response = get(Html(status))
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert response.text.startswith("<!DOCTYPE html>")


def test_headers() -> None:
    response = get(Headers({"X-RateLimit-Remaining": "-3", "X-RateLimit-Limit": None}))
    assert response.json()["current_page"] == 1
    assert response.headers["X-RateLimit-Remaining"] == "-3"
    assert "X-RateLimit-Limit" not in response.headers


def test_truncate_is_complete_http_with_half_the_json() -> None:
    response = get(Truncate())
    assert response.status_code == 200
    assert int(response.headers["Content-Length"]) == len(response.content)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        response.json()


@pytest.mark.parametrize(("fault", "page"), [(WrongPage(), 2), (WrongPage(7), 7)])
def test_wrong_page(fault: Fault, page: int) -> None:
    assert get(fault).json()["current_page"] == page


def _bad_date(page: dict[str, Any]) -> object:
    page["data"][0]["createdAt"] = "gisteren"
    return page


@pytest.mark.parametrize(
    ("fault", "field", "value"),
    [
        (Edit(lambda page: {**page, "data": None}), "data", None),
        (Edit(lambda page: {**page, "data": {}}), "data", {}),
        (Edit(lambda page: {k: v for k, v in page.items() if k != "next_page_url"}), "next_page_url", "gone"),
    ],
)
def test_edit(fault: Fault, field: str, value: object) -> None:
    response = get(fault)
    assert response.json().get(field, "gone") == value
    assert next(iter(response.json())) == "current_page"


def test_edit_a_row_or_the_whole() -> None:
    created = get(Edit(_bad_date)).json()["data"][0]["createdAt"]
    with pytest.raises(ValueError, match="gisteren"):
        datetime.fromisoformat(created)
    assert get(Edit(lambda page: [])).json() == []


def test_edit_leaves_errors_alone() -> None:
    with served(limit=1, faults={2: Edit(lambda page: {}), 3: WrongPage()}) as (_, client):
        assert [client.get("/customers").status_code for _ in range(3)] == [200, 429, 429]


@pytest.mark.parametrize(("reset", "error"), [(False, httpx.RemoteProtocolError), (True, httpx.ReadError)])
def test_drop_before(reset: bool, error: type[Exception]) -> None:
    with served(faults={1: Drop("before", reset=reset)}) as (sandbox, client):
        with pytest.raises(error):
            client.get("/customers")
        assert client.get("/customers").status_code == 200
        assert [r.status for r in sandbox.requests] == [None, 200]


def test_an_invalid_drop() -> None:
    with pytest.raises(ValueError, match="'during'"):
        Drop(cast("Any", "during"))


def broken(*_: object) -> Any:
    raise ZeroDivisionError


@pytest.mark.parametrize("options", [{"faults": broken}, {"faults": {1: Edit(broken)}}, {"clock": broken}])
def test_an_exception_of_a_function_is_raised_at_the_end(options: Any) -> None:
    def ask() -> None:
        with sandbox, client_of(sandbox) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                client.get("/customers")
            sandbox.reset(faults=None, clock=time.time)
            assert client.get("/customers").status_code == 200

    sandbox = Sandbox(**options)
    with pytest.raises(ZeroDivisionError):
        ask()
    with sandbox:
        pass  # it was raised once


@pytest.mark.parametrize("error", [ConnectionResetError("mine"), pytest.fail.Exception("mine"), SystemExit()])
def test_any_exception_of_a_function_is_raised_at_the_end(error: BaseException) -> None:
    def fail(_: object) -> None:
        raise error

    def ask() -> None:
        with Sandbox(faults=fail) as sandbox, client_of(sandbox) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                client.get("/customers")

    with pytest.raises(type(error)) as caught:
        ask()
    assert caught.value is error


def test_an_exception_of_a_function_does_not_replace_an_interruption() -> None:
    def ask() -> None:
        with Sandbox(faults=broken) as sandbox, client_of(sandbox) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                client.get("/customers")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask()


@pytest.mark.parametrize("reset", [False, True])
def test_drop_within(reset: bool) -> None:
    with served(faults={1: Drop("within", reset=reset)}) as (sandbox, client):
        with client.stream("GET", "/customers") as response:
            assert response.status_code == 200
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                response.read()
        assert client.get("/customers").status_code == 200
        assert len(sandbox.requests) == 2


@pytest.mark.parametrize(("reset", "error"), [(False, httpx.RemoteProtocolError), (True, httpx.ReadError)])
def test_drop_after_fails_the_next_use_of_the_connection(reset: bool, error: type[Exception]) -> None:
    with served(faults={1: Drop("after", reset=reset)}) as (sandbox, client):
        assert client.get("/customers").json()["current_page"] == 1
        with pytest.raises(error):
            client.get("/customers")
        assert client.get("/customers").status_code == 200
        assert [r.number for r in sandbox.requests] == [1, 2]


def test_a_delay_ends_when_the_client_or_the_sandbox_stops() -> None:
    with served(faults={1: Delay(3600), 2: Delay(0.001)}) as (sandbox, client):
        with pytest.raises(httpx.ReadTimeout):
            client.get("/customers", timeout=0.05)
        assert client.get("/customers").status_code == 200
        sandbox.reset(faults=lambda request: Delay(3600))
        lost: list[httpx.HTTPError] = []
        arrived = threading.Event()

        def choose(request: ReceivedRequest) -> Fault:
            arrived.set()
            return Delay(3600)

        def ask() -> None:
            try:
                client.get("/customers")
            except httpx.HTTPError as error:
                lost.append(error)

        sandbox.reset(faults=choose)
        thread = threading.Thread(target=ask)
        thread.start()
        assert arrived.wait(30)
        sandbox.__exit__(None, None, None)
        thread.join(30)
        assert len(lost) == 1


def test_by_page() -> None:
    faults = by_page({2: [Status(500), None, Truncate()], 3: Html(502)})
    with served(customers=40, faults=faults) as (sandbox, client):
        pages = [1, 2, 2, 2, 2, 3, 3]
        responses = [client.get("/customers", params={"page": page}) for page in pages]
        assert [response.status_code for response in responses] == [200, 500, 200, 200, 200, 502, 502]
        assert len(responses[3].content) < len(responses[2].content) == len(responses[4].content)
        assert [(r.page, r.attempt) for r in sandbox.requests] == [
            (1, 1), (2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2)
        ]  # fmt: skip
        assert client.get("/nowhere").status_code == 404


def test_a_function_that_chooses_faults_may_change_the_rows() -> None:
    def grow(request: ReceivedRequest) -> None:
        if request.number == 2:
            sandbox.add_customers(1)

    with served(customers=15, faults=grow) as (sandbox, client):
        first, second = client.get("/customers").json(), client.get("/customers", params={"page": 2}).json()
        assert second["data"] == first["data"][-1:]


def test_the_base_fault_changes_nothing() -> None:
    assert get(Fault()).status_code == 200
