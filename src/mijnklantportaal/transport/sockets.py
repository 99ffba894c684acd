"""Connections whose reads end at once when nobody waits for the answer any more.

A thread that reads from a socket can otherwise not be called off: a listing would wait at its end for the
pages that it has asked for past the last one, and at a `break` for those that it has read ahead.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore

from ..exchange import ended_by

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable


class Sockets(httpcore.NetworkBackend):
    """Opens connections for the sync client."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects."""
        return _Stream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with ended_by(self._shut_down):
            return self._inner.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _shut_down(self) -> None:
        """Lets a read in another thread return at once; only the reader may close the connection."""
        with suppress(OSError):
            # Not the TLS connection's own shutdown, which is the reader's to use.
            socket.socket.shutdown(self._inner.get_extra_info("socket"), socket.SHUT_RDWR)
