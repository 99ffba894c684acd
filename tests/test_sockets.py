"""A read that nobody waits for ends at once, on a plain connection and on one with TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

import httpcore
import pytest
import trustme

from mijnklantportaal import MijnKlantportaal
from mijnklantportaal.exchange import Abandoned, Wanted, opened_exchange
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Delay, Fault, Request
from mijnklantportaal.transport.sockets import Sockets

PATIENCE = 30.0
"""Seconds after which a thread that should have ended has failed; none of these tests waits so long."""


class Mute:
    """A server that takes one request, answers nothing, and notes when the client has gone."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.asked = threading.Event()
        self.left = threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        with self._listening:
            connection, _ = self._listening.accept()
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection:
            assert connection.recv(65536).startswith(b"GET ")
            self.asked.set()
            with suppress(ConnectionResetError):  # where it left with something unread
                assert connection.recv(1) == b""
            self.left.set()


def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_read_that_nobody_waits_for_ends(scheme: str) -> None:
    server_tls, client_tls = contexts() if scheme == "https" else (None, None)
    server = Mute(server_tls)
    wanted = Wanted()
    raised: list[BaseException] = []

    def fetch() -> None:
        with httpcore.ConnectionPool(ssl_context=client_tls, network_backend=Sockets()) as pool:
            with opened_exchange(wanted):
                try:
                    pool.request("GET", f"{scheme}://127.0.0.1:{server.port}/")
                except Abandoned as error:
                    raised.append(error)

    fetching = threading.Thread(target=fetch, daemon=True)
    fetching.start()
    assert server.asked.wait(PATIENCE)
    wanted.abandon()
    fetching.join(PATIENCE)
    assert len(raised) == 1
    assert server.left.wait(PATIENCE)
    server.thread.join(PATIENCE)


def stalls_from(page: int) -> Callable[[Request], Fault | None]:
    return lambda request: Delay(10 * PATIENCE) if (request.page or 0) >= page else None


def test_a_break_does_not_wait_for_pages_read_ahead() -> None:
    with Sandbox(customers=300, limit=None, faults=stalls_from(4)) as sandbox:
        taken = listed_in_time(sandbox, until=40)
        assert taken == sandbox.ids()[:41]
        assert {request.page for request in sandbox.requests} >= {4}


def test_the_end_does_not_wait_for_pages_asked_past_it() -> None:
    with Sandbox(customers=75, limit=None, faults=stalls_from(6)) as sandbox:
        assert listed_in_time(sandbox) == sandbox.ids()
        assert {request.page for request in sandbox.requests} >= {6}


def listed_in_time(sandbox: Sandbox, until: int | None = None) -> list[str]:
    """Lists twice on the same portal: what was cut short must not be used again."""
    taken: list[list[str]] = []

    def run() -> None:
        with MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal:
            for _ in range(2):
                ids: list[str] = []
                for customer in portal.list_customers():
                    ids.append(customer.id)
                    if len(ids) - 1 == until:
                        break
                taken.append(ids)

    listing = threading.Thread(target=run, daemon=True)
    listing.start()
    listing.join(PATIENCE)
    assert not listing.is_alive(), "the listing waits for an answer that nobody wants"
    assert taken[0] == taken[1]
    return taken[0]
