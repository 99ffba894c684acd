"""Creates the options of httpx's own transports, and reads response bodies."""

from __future__ import annotations

import sys
import zlib
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

import httpx

from ..address import is_loopback
from ..errors import ConfigurationError, ContractError

if TYPE_CHECKING:
    import ssl

ENCODING = "gzip"
"""The content encoding that is accepted."""
_WITH_GZIP_HEADER = 16 + zlib.MAX_WBITS


def transport_options(base_url: httpx.URL) -> dict[str, Any]:
    """Returns the options for `httpx.HTTPTransport` and `httpx.AsyncHTTPTransport`.

    There is a transport per connection, because httpcore looks at all connections of a transport before each
    request. So it needs no limits, and connections that httpcore loses when a task is cancelled cannot use
    them up.

    Args:
        base_url: Determines whether the trust store is loaded, and which proxy is used.

    Raises:
        ConfigurationError: The proxy set in the environment cannot be used.
    """
    verify = _tls(loaded=base_url.scheme == "https")
    return {"verify": verify, "proxy": _proxy(base_url), "limits": httpx.Limits()}


class Body:
    """Collects the body of a response, decompressed, up to a limit.

    Args:
        response: The response; a caller's transport can have read its body.
        request: Its request.
        max_size: Maximum size in bytes, decompressed.

    Attributes:
        stream: What is left to read.

    Raises:
        ContractError: The encoding is not accepted, or the body that has been read is too large.
    """

    def __init__(self, response: httpx.Response, request: httpx.Request, max_size: int) -> None:
        response.request = request
        self.stream: Any = response.stream
        self._response = response
        self._chunks: list[bytes] = []
        self._left = self._max_size = max_size
        self._gzip = None
        self._encoding = encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if response.is_stream_consumed:
            self.add(response.content)
            self.stream = httpx.ByteStream(b"")
        elif encoding == ENCODING:
            self._gzip = zlib.decompressobj(_WITH_GZIP_HEADER)
        elif encoding not in {"", "identity"}:
            raise self._error(f"the encoding of the response is {encoding[:40]!r}, not {ENCODING}")

    def add(self, chunk: bytes) -> None:
        """Adds what was received next.

        Raises:
            ContractError: The body is too large, or not compressed as its headers say.
        """
        if not chunk:
            return
        if self._gzip is not None:
            try:
                chunk = self._gzip.decompress(chunk, min(self._left + 1, sys.maxsize))
            except zlib.error:
                raise self._error("the encoding of the response is invalid") from None
            if self._gzip.unused_data:
                raise self._error("the response has data after its compressed body")
        self._left -= len(chunk)
        if self._left < 0:
            raise self._error(
                f"the body of the response is larger than max_body_size, {self._max_size:,} bytes",
                next_step="Set a higher max_body_size if this is what the API should return",
            )
        self._chunks.append(chunk)

    def complete(self) -> httpx.Response:
        """Returns the response with its body.

        Raises:
            ContractError: The compressed body is truncated.
        """
        response = self._response
        if self._chunks and self._gzip and not self._gzip.eof:
            raise self._error("the body of the response is truncated")
        if self._encoding:
            for header in ("Content-Encoding", "Content-Length"):
                response.headers.pop(header, None)
        response.stream = httpx.ByteStream(b"".join(self._chunks))
        response.read()
        return response

    def _error(self, what: str, next_step: str | None = None) -> ContractError:
        return ContractError(what, request=self._response.request, next_step=next_step)


@cache
def _tls(*, loaded: bool) -> ssl.SSLContext:
    """Loads the trust store once, not for each connection, because that is slow.

    Without it, for a base URL on loopback, no certificate is trusted.
    """
    import ssl  # noqa: PLC0415 - httpx imports it only when needed

    return httpx.create_ssl_context() if loaded else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _proxy(base_url: httpx.URL) -> httpx.Proxy | None:
    address = proxy_for(base_url)
    if address is None:
        return None
    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL):
        proxy = None
    lacks_socks = proxy and proxy.url.scheme.startswith("socks") and not find_spec("socksio")
    if proxy is None or (proxy.url.port or 0) > 65535 or lacks_socks:
        # Outside the handler, because the text of the cause contains the address, and so the password.
        raise ConfigurationError(
            f"the proxy set in the environment for {base_url.scheme} cannot be used; a socks5:// proxy "
            'requires: pip install "httpx[socks]"'
        )
    return proxy


def proxy_for(base_url: httpx.URL) -> str | None:
    """Returns the proxy set in the environment for this URL; `None` for loopback."""
    if is_loopback(base_url.host) or proxy_bypass(base_url.host):
        return None
    proxies = getproxies()
    proxy = (proxies.get(base_url.scheme) or proxies.get("all") or "").strip()
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
