"""The way to the network: connections, TLS, the proxy of the environment."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

import httpx

from ..errors import ConfigurationError

if TYPE_CHECKING:
    import ssl


class ReadBody(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Goes to the network, and reads each answer whole, so that a loss within the body shows here.

    Args:
        base_url: Decides, once, whether a proxy of the environment is used.
        connections: How many to keep for later requests. (How many are in use is the gate's to bound: a limit
            here as well would be used up by connections that httpcore forgets when a task is cancelled.)

    Raises:
        ConfigurationError: The proxy that the environment names cannot be used.
    """

    def __init__(self, base_url: httpx.URL, connections: int) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=connections)
        proxy = proxy_for(base_url)
        try:
            self._sync = httpx.HTTPTransport(verify=_tls(), proxy=proxy, limits=limits)
            self._async = httpx.AsyncHTTPTransport(verify=_tls(), proxy=proxy, limits=limits)
        except (ValueError, ImportError, httpx.InvalidURL):
            # From None: the text of the cause quotes the proxy's address, and so its password.
            raise ConfigurationError(
                f"the proxy that the environment names for {base_url.scheme} cannot be used; a socks5:// one "
                'needs: pip install "httpx[socks]"'
            ) from None

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
    proxy = (proxies.get(base_url.scheme) or proxies.get("all") or "").strip()
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
