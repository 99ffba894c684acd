"""Creates the options of httpx's own transports, and reads response bodies."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

import httpx

from ..address import is_loopback
from ..errors import ConfigurationError, ContractError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Generator

ENCODINGS = ("gzip", "deflate")
"""The content encodings that are accepted: those that compress to a thousandth at most."""
PIECE = 16 * 1024
"""How many bytes of a body are decompressed at once; they expand to at most 16 MiB."""


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


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Reads the whole body of a response, up to a limit.

    Args:
        response: The response, its body unread.
        request: Its request.
        max_size: Maximum size in bytes, decompressed.
    """

    def __init__(self, response: httpx.Response, request: httpx.Request, max_size: int) -> None:
        self._stream: Any = response.stream
        self._response = response
        self._left = self._max_size = max_size
        self._encoding = response.headers.get("Content-Encoding", "").strip().lower()
        response.request = request
        response.stream = self

    def read(self) -> httpx.Response:
        """Returns the response with its body, decompressed.

        Raises:
            ContractError: The body is too large, or its encoding is not accepted.
        """
        try:
            if self._encoding:
                self._check_encoding()
                return self._decompressed([self._counted(chunk) for chunk in self._response.iter_bytes()])
            self._response.read()
        finally:
            self._response.close()
        return self._response

    async def aread(self) -> httpx.Response:
        """Returns the response with its body, decompressed.

        Raises:
            ContractError: The body is too large, or its encoding is not accepted.
        """
        try:
            if self._encoding:
                self._check_encoding()
                chunks = [self._counted(chunk) async for chunk in self._response.aiter_bytes()]
                return self._decompressed(chunks)
            await self._response.aread()
        finally:
            await self._response.aclose()
        return self._response

    def __iter__(self) -> Generator[bytes]:
        for chunk in self._stream:
            yield from self._pieces(chunk)

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        async for chunk in self._stream:
            for piece in self._pieces(chunk):
                yield piece

    def close(self) -> None:
        """Closes the stream of the connection."""
        self._stream.close()

    async def aclose(self) -> None:
        """Closes the stream of the connection."""
        await self._stream.aclose()

    def _pieces(self, chunk: bytes) -> Generator[bytes]:
        if not self._encoding:
            yield self._counted(chunk)
            return
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]

    def _counted(self, chunk: bytes) -> bytes:
        self._left -= len(chunk)
        if self._left < 0:
            raise ContractError(
                f"the body of the response is larger than max_body_size, {self._max_size:,} bytes",
                request=self._response.request,
                next_step="Set a higher max_body_size if this is what the API should return",
            )
        return chunk

    def _check_encoding(self) -> None:
        if self._encoding not in {*ENCODINGS, "identity"}:
            raise ContractError(
                f"the encoding of the response is {self._encoding[:40]!r}, not {' or '.join(ENCODINGS)}",
                request=self._response.request,
            )

    def _decompressed(self, chunks: list[bytes]) -> httpx.Response:
        response = self._response
        packed = {"content-encoding", "content-length"}
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in packed]
        return httpx.Response(
            response.status_code,
            headers=headers,
            content=b"".join(chunks),
            request=response.request,
            extensions=response.extensions,
        )


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
