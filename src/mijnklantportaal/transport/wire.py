"""The way to the network: connections, TLS, the proxy of the environment.

It stands on httpcore, as httpx's own transport does: only there can one bring sockets whose reads end when
nobody waits for the answer any more; and without the layer between, a page costs less.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from ..address import is_loopback
from ..errors import ConfigurationError
from .sockets import Sockets

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator

KEEP_ALIVE = 5.0
"""Seconds for which an idle connection is kept, as httpx does."""


class ReadBody(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Goes to the network, and reads each answer whole, so that a loss within the body shows here.

    Args:
        base_url: Decides, once, whether TLS and a proxy of the environment are used.
        connections: How many to keep for later requests. (How many are in use is the gate's to bound: a limit
            here as well would be used up by connections that httpcore forgets when a task is cancelled.)

    Raises:
        ConfigurationError: The proxy that the environment names cannot be used.
    """

    def __init__(self, base_url: httpx.URL, connections: int) -> None:
        options: dict[str, Any] = {
            "ssl_context": _tls() if base_url.scheme == "https" else None,
            "proxy": _proxy(base_url),
            "max_connections": None,
            "max_keepalive_connections": connections,
            "keepalive_expiry": KEEP_ALIVE,
        }
        self._sync = httpcore.ConnectionPool(**options, network_backend=Sockets())
        self._async = httpcore.AsyncConnectionPool(**options)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and reads its answer."""
        with _httpx_errors():
            answer = self._sync.handle_request(_to_send(request))
            try:
                answer.read()
            finally:
                answer.close()
        return _whole(answer, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and reads its answer."""
        with _httpx_errors():
            answer = await self._async.handle_async_request(_to_send(request))
            try:
                await answer.aread()
            finally:
                await answer.aclose()
        return _whole(answer, request)

    def close(self) -> None:
        """Drops the connections of sync requests."""
        self._sync.close()

    async def aclose(self) -> None:
        """Drops all connections."""
        self._sync.close()
        await self._async.aclose()


def _to_send(request: httpx.Request) -> httpcore.Request:
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore.Request(
        request.method,
        target,
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _whole(answer: httpcore.Response, request: httpx.Request) -> httpx.Response:
    """The answer as httpx has it, its body decoded."""
    response = httpx.Response(
        answer.status,
        headers=answer.headers,
        stream=httpx.ByteStream(answer.content),
        request=request,
    )
    response.read()
    return response


@contextmanager
def _httpx_errors() -> Generator[None]:
    """Raises what httpcore raises as httpx does: under the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        httpx_error = cast("type[httpx.TransportError]", getattr(httpx, type(error).__name__))
        raise httpx_error(str(error)) from error


def _proxy(base_url: httpx.URL) -> httpcore.Proxy | None:
    address = proxy_for(base_url)
    if address is None:
        return None
    try:
        named = httpx.Proxy(address)
        proxy = httpcore.Proxy(str(named.url), auth=named.raw_auth)
    except (ValueError, httpx.InvalidURL):
        proxy = None
    if proxy is None or (proxy.url.scheme.startswith(b"socks") and not find_spec("socksio")):
        # Outside the handler, because the text of the cause quotes the proxy's address, and so its password.
        raise ConfigurationError(
            f"the proxy that the environment names for {base_url.scheme} cannot be used; a socks5:// one "
            'needs: pip install "httpx[socks]"'
        )
    return proxy


@cache
def _tls() -> ssl.SSLContext:
    """Loads the trust store once, not once a portal: it takes longer than all else that a portal does."""
    return httpx.create_ssl_context()


def proxy_for(base_url: httpx.URL) -> str | None:
    """The proxy that the environment names for this address; loopback never has one."""
    if is_loopback(base_url.host) or proxy_bypass(base_url.host):
        return None
    proxies = getproxies()
    proxy = (proxies.get(base_url.scheme) or proxies.get("all") or "").strip()
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
