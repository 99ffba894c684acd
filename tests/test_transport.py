"""The transport: where the key is sent, and which errors failures and invalid responses become."""

from __future__ import annotations

import asyncio
import base64
import logging
import socket
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mijnklantportaal_api.api.customers_api import list_customers

from mijnklantportaal import (
    AsyncMijnKlantportaal,
    AuthenticationError,
    ClosedError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    ContractError,
    MijnKlantportaal,
    NotFoundError,
    PermissionDeniedError,
    RequestTimeoutError,
    ServerError,
    StatusError,
    UpgradeRequiredError,
    ValidationError,
)
from mijnklantportaal.address import is_loopback
from mijnklantportaal.transport.clock import Clock
from mijnklantportaal.transport.wire import proxy_for
from tests.processes import PATIENCE
from tests.support import KEY, answer, page, serving

if TYPE_CHECKING:
    from collections.abc import Generator


def test_headers_of_a_request() -> None:
    with (
        serving(page(1, [], more=False)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, user_agent="my-app/1.0") as portal,
    ):
        list_customers.sync(client=portal.client)
        head = wire.heads[0]
    assert f"Authorization: Bearer {KEY}\r\n" in head
    assert "Accept: application/json\r\n" in head
    assert "User-Agent: mijnklantportaal/" in head
    assert " my-app/1.0\r\n" in head


@pytest.mark.parametrize("derive", ["with_headers", "with_timeout", "with_cookies"])
def test_derived_clients_keep_key_and_errors(derive: str) -> None:
    argument = httpx.Timeout(5) if derive == "with_timeout" else {"x-extra": "1"}
    with (
        serving(answer({}, status=418)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
    ):
        with pytest.raises(StatusError):
            list_customers.sync(client=getattr(portal.client, derive)(argument))
        assert f"Authorization: Bearer {KEY}" in wire.heads[0]


def test_the_key_goes_to_its_own_host_only() -> None:
    with (
        serving(page(1, [], more=False)) as wire,
        serving(answer({"message": "no key"}, status=401)) as foreign,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
    ):
        with pytest.raises(AuthenticationError) as caught:
            portal.client.get_httpx_client().get(f"{foreign.base_url}/customers")
        assert caught.value.server_message == "no key"
        assert "authorization" not in foreign.heads[0].lower()


def test_a_refusal_of_a_request_without_a_key_is_a_typed_error_too() -> None:
    with (
        serving(answer({"message": "Unauthenticated."}, status=401)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
    ):
        with pytest.raises(AuthenticationError, match="Unauthenticated"):
            portal.client.get_httpx_client().get("/customers", auth=None)


def test_redirects_are_not_followed() -> None:
    with serving(page(1, [], more=False)) as foreign:
        moved = answer({}, status=302, headers=f"Location: {foreign.base_url}/customers\r\n")
        with serving(moved) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            with pytest.raises(StatusError, match="check the base URL"):
                list_customers.sync(client=portal.client)
            assert foreign.heads == []


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ("", "is empty"),
        (" \t", "is empty"),
        ("abc\n", r"position 4 of 4 \(U\+000A\)"),
        ("a b", "position 2"),
        ("ключ", "position 1"),
        ("café", "position 4"),
        ("a\x00b", "position 2"),
    ],
)
def test_a_key_that_cannot_be_right(key: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        MijnKlantportaal(api_key=key)
    assert key.strip() == "" or key.strip() not in str(caught.value)


@given(st.text())
def test_any_key_is_refused_or_sent_as_it_is(key: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.raw[-1])
        return httpx.Response(204)

    sent: list[tuple[bytes, bytes]] = []
    with suppress(ConfigurationError):
        with MijnKlantportaal(api_key=key, transport=httpx.MockTransport(respond)) as portal:
            portal.client.get_httpx_client().get("/customers")
        assert sent == [(b"Authorization", f"Bearer {key}".encode("ascii"))]


def test_nothing_that_can_be_printed_shows_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = answer({"message": f"no such key:\n{KEY}"}, status=401)
    with serving(echo) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        with pytest.raises(AuthenticationError) as caught:
            list(portal.list_customers())
        error = caught.value
        assert error.server_message == "no such key: [secure]"
        assert error.request is not None
        assert error.response is not None
        shown = [
            repr(portal),
            repr(portal.client),
            repr(portal.list_customers()),
            repr(error),
            str(error),
            repr(error.request.headers),
            str(error.request.headers.raw),
            str(error.response.request.headers.raw),
            caplog.text,
            *traceback.StackSummary.extract(
                # The first frame is this test, which knows the key.
                list(traceback.walk_tb(error.__traceback__))[1:],
                capture_locals=True,
            ).format(),
        ]
    assert [text for text in shown if KEY in text] == []


@pytest.mark.parametrize("status", [500, 503, 520, 599])
def test_server_errors_official_or_not(status: int) -> None:
    answers = [answer(b"<html>", status=status, content_type="text/html")] * 5
    with serving(*answers) as wire:
        with (
            MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
            pytest.raises(ServerError) as caught,
        ):
            list_customers.sync(client=portal.client)
        assert caught.value.status_code == status
        assert caught.value.server_message is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"message": null}', b'{"message": " "}', b'{"code": 418}', b"\xff", b"[" * 100_000]
)
def test_a_server_without_words(body: bytes) -> None:
    with (
        serving(answer(body, status=418)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
    ):
        with pytest.raises(StatusError) as caught:
            list_customers.sync(client=portal.client)
        assert caught.value.server_message is None
        assert str(caught.value) == (
            "GET /v1/customers: 418 I'm a teapot. See `response`: the API may have said why"
        )


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n", "illegal chunk header"),
        (b"%s\r\n\r\n", "illegal status line"),
        (b"HTTP/1.1 200 OK\r\n%s\r\n\r\n", "illegal header line"),
    ],
)
def test_what_is_not_http_is_not_shown(response: bytes, said: str) -> None:
    content = f"Jan Jansen, {KEY}".encode()
    with (
        serving(response % content) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url, max_retries=0) as portal,
        pytest.raises(ConnectionFailedError, match=f"no response: {said}\\.") as caught,
    ):
        list_customers.sync(client=portal.client)
    shown = "".join(traceback.format_exception(caught.value))
    assert "Jan" not in shown
    assert KEY not in shown


def test_control_characters_of_a_server_are_not_shown() -> None:
    with (
        serving(answer({"message": "not\x1b[31m\x9b allowed\n\u202e"}, status=418)) as wire,
        MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
        pytest.raises(StatusError) as caught,
    ):
        list_customers.sync(client=portal.client)
    assert caught.value.server_message == "not [31m allowed"


def test_a_server_of_many_words_is_cut() -> None:
    with serving(answer({"message": "x" * 5000}, status=418)) as wire:
        with (
            MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal,
            pytest.raises(StatusError) as caught,
        ):
            list_customers.sync(client=portal.client)
        assert caught.value.server_message == "x" * 300


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (422, ValidationError),
        (426, UpgradeRequiredError),
    ],
)
def test_errors_are_typed_by_status(status: int, expected: type[StatusError]) -> None:
    with serving(answer({"message": "Because."}, status=status)) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            with pytest.raises(expected, match="Because") as caught:
                list_customers.sync(client=portal.client)
    assert type(caught.value) is expected
    assert caught.value.status_code == status


def test_a_422_names_the_fields_and_keeps_what_the_server_says_of_them_out_of_its_text() -> None:
    said = {"email": ["jan@example.nl is taken.", f"not {KEY}", 5], f"signers.0.{KEY}": [], "odd": "x"}
    refusal = answer({"message": "jan@example.nl is taken. (and 1 more error)", "errors": said}, status=422)
    with serving(refusal) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        with pytest.raises(ValidationError) as caught:
            list_customers.sync(client=portal.client)
    assert caught.value.errors == {
        "email": ["jan@example.nl is taken", "not [secure]", ""],
        "signers.0.[secure]": [],
    }
    assert caught.value.server_message == "jan@example.nl is taken. (and 1 more error)"
    assert "422 Unprocessable" in str(caught.value)
    assert "invalid: email, signers.0.[secure]. Correct the values; `errors` has the reasons" in str(
        caught.value
    )
    assert "jan@" not in str(caught.value)


@pytest.mark.parametrize("errors", [None, "x", [], {}])
def test_a_422_without_fields_says_the_servers_message(errors: object) -> None:
    refusal = answer({"message": "Already closed", "errors": errors}, status=422)
    with serving(refusal) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        with pytest.raises(ValidationError, match=r"Already closed\. Correct the values$") as caught:
            list_customers.sync(client=portal.client)
    assert caught.value.errors == {}


def test_html_instead_of_json_on_a_direct_call() -> None:
    with serving(answer(b"<html>", content_type="text/html")) as wire:
        with MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
            with pytest.raises(ContractError, match="200 and HTML"):
                list_customers.sync(client=portal.client)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with MijnKlantportaal(api_key=KEY, base_url=f"http://127.0.0.1:{port}/v1") as portal:
        with pytest.raises(ConnectionFailedError) as caught:
            list(portal.list_customers(start_page=2))
    assert caught.value.page == 2
    assert "GET /v1/customers (page 2): no response" in str(caught.value)
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


@pytest.mark.parametrize("cut", [0, 30, -1])
def test_a_connection_lost_before_or_within_the_answer(cut: int) -> None:
    whole = page(1, ["a"], more=False).replace(b"\r\n\r\n", b"\r\nContent-Length: 9999\r\n\r\n", 1)
    with serving(whole[:cut]) as wire, MijnKlantportaal(api_key=KEY, base_url=wire.base_url) as portal:
        with pytest.raises(ConnectionFailedError):
            list_customers.sync(client=portal.client)


@pytest.fixture
def silent_server() -> Generator[str]:
    """Accept connections (into the backlog), and never respond."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def test_a_server_that_never_answers(silent_server: str) -> None:
    with MijnKlantportaal(api_key=KEY, base_url=silent_server, timeout=0.05) as portal:
        with pytest.raises(RequestTimeoutError, match=r"timed out \(read\)"):
            list(portal.list_customers())


def test_a_closed_portal_says_so() -> None:
    portal = MijnKlantportaal(api_key=KEY)
    listing = portal.list_customers()
    derived = portal.client.with_headers({"x": "y"})
    portal.close()
    portal.close()
    with pytest.raises(ClosedError, match="create a new one"):
        list(listing)
    with pytest.raises(ClosedError):
        list_customers.sync(client=portal.client)
    with pytest.raises(ClosedError):
        list_customers.sync(client=derived)


def unavailable(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "200"})


def test_closing_a_portal_ends_its_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mijnklantportaal.transport.Clock", Clock)  # really waits
    waits = threading.Event()
    portal = MijnKlantportaal(
        api_key=KEY, transport=httpx.MockTransport(unavailable), on_wait=lambda _: waits.set()
    )
    with ThreadPoolExecutor() as pool:
        calls = [pool.submit(list_customers.sync, client=portal.client) for _ in range(3)]
        assert waits.wait(PATIENCE)
        portal.close()
        for call in calls:
            with pytest.raises(ClosedError, match="create a new one"):
                call.result(PATIENCE)


def test_closing_an_async_portal_ends_its_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mijnklantportaal.transport.Clock", Clock)  # really waits

    async def run() -> None:
        waits = asyncio.Event()
        portal = AsyncMijnKlantportaal(
            api_key=KEY, transport=httpx.MockTransport(unavailable), on_wait=lambda _: waits.set()
        )
        async with asyncio.timeout(PATIENCE):
            calls = [asyncio.create_task(list_customers.asyncio(client=portal.client)) for _ in range(3)]
            await waits.wait()
            await portal.aclose()
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [ClosedError] * 3

    asyncio.run(run())


def test_a_closed_async_portal_says_so() -> None:
    async def run() -> None:
        async with AsyncMijnKlantportaal(api_key=KEY) as portal:
            pass
        with pytest.raises(ClosedError):
            await list_customers.asyncio(client=portal.client)

    asyncio.run(run())


def test_an_async_portal_closed_under_a_request_drops_the_connection_after_its_answer() -> None:
    body = b'{"current_page": 1, "data": [{"id": "a"}], "next_page_url": null}'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"

    async def run() -> None:
        asked, closed = asyncio.Event(), asyncio.Event()
        after_the_answer = asyncio.get_running_loop().create_future()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            asked.set()
            await closed.wait()
            writer.write(head.encode() + body)
            after_the_answer.set_result(await reader.read())
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            portal = AsyncMijnKlantportaal(api_key=KEY, base_url=f"http://127.0.0.1:{port}")
            call = asyncio.create_task(list_customers.asyncio(client=portal.client))
            await asked.wait()
            await portal.aclose()
            closed.set()
            envelope = await call
            assert envelope
            assert [customer.id for customer in envelope.data] == ["a"]
            async with asyncio.timeout(30):  # only reached where the connection stays
                assert await after_the_answer == b""

    asyncio.run(run())


def test_closing_an_async_portal_closes_idle_connections_even_if_others_are_in_use() -> None:
    async def run() -> None:
        both, idle = asyncio.Event(), asyncio.get_running_loop().create_future()
        connections: list[asyncio.StreamWriter] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.append(writer)
            first = len(connections) == 1
            await reader.readuntil(b"\r\n\r\n")
            if not first:
                both.set()
                await idle
            else:
                await both.wait()
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                idle.set_result(await reader.read())
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            portal = AsyncMijnKlantportaal(api_key=KEY, base_url=f"http://127.0.0.1:{port}", max_retries=0)
            calls = [asyncio.create_task(list_customers.asyncio(client=portal.client)) for _ in range(2)]
            await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
            await portal.aclose()
            assert await asyncio.wait_for(asyncio.shield(idle), 10) == b""
            await asyncio.gather(*calls, return_exceptions=True)

    asyncio.run(run())


def test_closing_leaves_no_connection() -> None:
    kept_alive = page(1, ["a"], more=False).replace(b"Connection: close\r\n", b"Content-Length: 0\r\n", 1)
    closed = threading.Event()

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(kept_alive.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
                if connection.recv(1) == b"":
                    closed.set()

        thread = threading.Thread(target=serve)
        thread.start()
        with MijnKlantportaal(api_key=KEY, base_url=f"http://127.0.0.1:{server.getsockname()[1]}") as portal:
            portal.client.get_httpx_client().get("/customers")
            assert not closed.is_set()
        thread.join(timeout=10)
        assert closed.is_set()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["localhost.example.nl", "127.0.0.1.example.nl", "10.0.0.1", "::2", "0.0.0.0", ""]
)
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    api = httpx.URL("https://api.example.nl/v1")
    assert proxy_for(api) is None
    monkeypatch.setenv("all_proxy", "http://all.example:1")
    assert proxy_for(api) == "http://all.example:1"
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert proxy_for(api) == "http://proxy.example:3128"
    assert proxy_for(httpx.URL("https://localhost/v1")) is None
    monkeypatch.setenv("https_proxy", " proxy.example:3128 ")
    assert proxy_for(api) == "http://proxy.example:3128"
    monkeypatch.setenv("https_proxy", "junk://user:geheim@proxy.example")
    with pytest.raises(ConfigurationError, match="the proxy set in the environment") as caught:
        MijnKlantportaal(api_key=KEY, base_url=str(api))
    assert "geheim" not in "".join(traceback.format_exception(caught.value))
    monkeypatch.setenv("https_proxy", "http://user:geheim@proxy.example:99999")
    with pytest.raises(ConfigurationError, match="the proxy set in the environment"):
        MijnKlantportaal(api_key=KEY, base_url=str(api))
    monkeypatch.setenv("no_proxy", "example.nl")
    assert proxy_for(api) is None


def test_a_proxy_is_asked_for_a_tunnel_and_its_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
    with serving(*[refused] * 5) as proxy:
        monkeypatch.setenv(
            "https_proxy", proxy.base_url.replace("://", "://user:geheim@").removesuffix("/v1")
        )
        with (
            MijnKlantportaal(api_key=KEY, base_url="https://portal.example/v1") as portal,
            pytest.raises(ConnectionFailedError, match="502 Bad Gateway") as caught,
        ):
            list_customers.sync(client=portal.client)
        assert proxy.heads[0].startswith("CONNECT portal.example:443 HTTP/1.1\r\n")
        basic = base64.b64encode(b"user:geheim").decode()
        assert f"proxy-authorization: basic {basic}".lower() in proxy.heads[0].lower()
    assert KEY not in "".join(proxy.heads)
    assert "geheim" not in "".join(traceback.format_exception(caught.value))
