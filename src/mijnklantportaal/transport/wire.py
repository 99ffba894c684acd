"""The way to the network: connections, TLS, the proxy of the environment."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

import httpx

if TYPE_CHECKING:
    import ssl


class ReadBody(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Goes to the network, and reads each answer whole, so that a loss within the body shows here.

    Args:
        base_url: Decides, once, whether a proxy of the environment is used.
        connections: How many to have at most.
    """

    def __init__(self, base_url: httpx.URL, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        proxy = proxy_for(base_url)
        self._sync = httpx.HTTPTransport(verify=_tls(), proxy=proxy, limits=limits)
        self._async = httpx.AsyncHTTPTransport(verify=_tls(), proxy=proxy, limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and reads its answer."""
        response = self._sync.handle_request(request)
        response.request = request
        try:
            response.read()
        finally:
            response.close()
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and reads its answer."""
        response = await self._async.handle_async_request(request)
        response.request = request
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    def close(self) -> None:
        """Drops the connections of sync requests."""
        self._sync.close()

    async def aclose(self) -> None:
        """Drops all connections."""
        self._sync.close()
        await self._async.aclose()


@cache
def _tls() -> ssl.SSLContext:
    """Loads the trust store once, not once a portal: it takes longer than all else that a portal does."""
    return httpx.create_ssl_context()


def proxy_for(base_url: httpx.URL) -> str | None:
    """The proxy that the environment names for this address; loopback never has one."""
    if is_loopback(base_url.host) or proxy_bypass(base_url.host):
        return None
    proxies = getproxies()
    return proxies.get(base_url.scheme) or proxies.get("all")


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
