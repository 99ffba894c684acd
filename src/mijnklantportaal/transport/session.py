"""The httpx clients of `portal.client`, without two detours that every page would pay for.

A copy of `portal.client`, as `with_headers()` makes it, has httpx's own: slower by that, and else the same.
"""

from __future__ import annotations

from typing import Any

import httpx


class SentCookies(httpx.Cookies):
    """Cookies that a caller has set, to be sent; none is taken from an answer, because the API sets none."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Does nothing: to look for cookies costs a fourteenth of a page."""


class _SendsCookiesOnly:
    _sent: SentCookies | None = None

    @property
    def cookies(self) -> httpx.Cookies:
        if self._sent is None:
            self._sent = SentCookies()
        return self._sent

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._sent = SentCookies(cookies)


class Session(_SendsCookiesOnly, httpx.Client):
    """The client for sync calls."""

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Makes a request."""
        return super().build_request(method, **addressed(self, url, options))


class AsyncSession(_SendsCookiesOnly, httpx.AsyncClient):
    """The client for asyncio."""

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Makes a request."""
        return super().build_request(method, **addressed(self, url, options))


def addressed(
    client: httpx.Client | httpx.AsyncClient, url: httpx.URL | str, options: dict[str, Any]
) -> dict[str, Any]:
    """The options with the whole address as `url`: httpx then parses it once instead of three times."""
    if client.params or not isinstance(url, str) or not url.startswith("/") or "?" in url or "#" in url:
        return {**options, "url": url}  # not what generated code gives: left to httpx
    query = httpx.QueryParams(options.get("params"))
    address = f"{str(client.base_url).rstrip('/')}/{url.lstrip('/')}"
    return {**options, "url": f"{address}?{query}" if query else address, "params": None}
