"""Which base URLs a portal may have."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from .errors import ConfigurationError


def checked_base_url(text: str, name: str = "base_url") -> httpx.URL:
    """Parses and checks a base URL.

    Args:
        text: The URL.
        name: What errors call it.

    Raises:
        ConfigurationError: It is not a URL, has more than host and path, or would send the key unencrypted.
    """
    try:
        urlsplit(text)  # finds a stray bracket, which httpx takes for a host
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in {"https", "http"} or not url.host:
        raise ConfigurationError(f"{name} is not a URL that begins with https:// and names a host")
    if url.userinfo or url.query or url.fragment or "?" in text or "#" in text:
        raise ConfigurationError(f"{name} must have only host and path: no user info, query or fragment")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ConfigurationError(
            f"{name} is plain http:// to {url.host}, which would send the API key unencrypted; "
            "use https:// (http:// is allowed for loopback only)"
        )
    return url


def is_loopback(host: str) -> bool:
    """Returns whether a host name or address always means this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
