"""Where a portal is: which addresses can be one."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from .errors import ConfigurationError


def checked_base_url(text: str) -> httpx.URL:
    """The base URL, if it can be one.

    Raises:
        ConfigurationError: It is no web address, says more than host and path, or would show the key.
    """
    try:
        urlsplit(text)  # finds a stray bracket, which httpx takes for a host
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in {"https", "http"} or not url.host:
        raise ConfigurationError("base_url is not a web address: it must begin with https:// and name a host")
    if url.userinfo or url.query or url.fragment or "?" in text or "#" in text:
        raise ConfigurationError("base_url must have no user info, query or fragment: only host and path")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ConfigurationError(
            f"base_url is plain http:// to {url.host}, which would show the API key to everybody on the way; "
            "use https:// (http:// is for loopback only)"
        )
    return url


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
