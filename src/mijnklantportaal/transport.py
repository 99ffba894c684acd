"""Everything that is done with httpx: the key, the connections, and errors instead of bad answers.

A portal has one `Transport`, for sync and async alike, so that every generated call through its client is
treated the same, `with_headers()` and `with_timeout()` included. Its layers, from the caller to the wire:
`Errors(ReadBody(HTTPTransport))`.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, cast
from urllib.request import getproxies, proxy_bypass

import httpx

from . import quota
from .errors import (
    AuthenticationError,
    ClosedError,
    ConfigurationError,
    ContractError,
    NoConnectionError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    StatusError,
    record_exchange,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator

_MESSAGE_LENGTH = 300

_STATUS_ERRORS: dict[int, type[StatusError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
}


class BearerAuth(httpx.Auth):
    """Sends the API key as a bearer token, to one host only, and shows it to nobody.

    Args:
        api_key: The key.
        base_url: The portal's base URL: requests to another origin go without the key.

    Raises:
        ConfigurationError: The key is empty or holds a character that no key can hold.
    """

    def __init__(self, api_key: str, base_url: httpx.URL) -> None:
        if not api_key.strip():
            raise ConfigurationError("the API key is empty; pass api_key= or set MIJNKLANTPORTAAL_API_KEY")
        for position, character in enumerate(api_key, 1):
            if not "!" <= character <= "~":
                raise ConfigurationError(
                    f"the API key has a character that no key can have, at position {position} of "
                    f"{len(api_key)} (U+{ord(character):04X}); copy it again, without line breaks or spaces"
                )
        self._header = f"Bearer {api_key}"
        self._origin = _origin(base_url)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the header."""
        if _origin(request.url) == self._origin:
            request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "BearerAuth([secure])"


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends requests and turns whatever is not a good answer into a typed error.

    Args:
        base_url: The portal's base URL; decides, once, whether a proxy of the environment is used.
    """

    def __init__(self, base_url: httpx.URL) -> None:
        self._inner = _ReadBody(proxy_for(base_url))
        self._shut = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and checks its answer."""
        self._check_open()
        with _typed_errors(request):
            return _checked(request, self._inner.handle_request(request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request and checks its answer."""
        self._check_open()
        with _typed_errors(request):
            return _checked(request, await self._inner.handle_async_request(request))

    def close(self) -> None:
        """Drops the connections; httpx calls this when a client that shares this transport is closed."""
        self._inner.close()

    async def aclose(self) -> None:
        """Drops the connections; httpx calls this when a client that shares this transport is closed."""
        await self._inner.aclose()

    def shut(self) -> None:
        """Refuses every later request: the portal is closed for good."""
        self._shut = True

    def _check_open(self) -> None:
        if self._shut:
            raise ClosedError(
                "this portal is closed; make a new one, or do everything within its `with` block"
            )


class _ReadBody(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Goes to the network, and reads each answer whole, so that a loss within the body shows here."""

    def __init__(self, proxy: str | None) -> None:
        self._sync = httpx.HTTPTransport(verify=_tls(), proxy=proxy)
        self._async = httpx.AsyncHTTPTransport(verify=_tls(), proxy=proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._sync.handle_request(request)
        try:
            response.read()
        finally:
            response.close()
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._async.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    def close(self) -> None:
        self._sync.close()

    async def aclose(self) -> None:
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


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


@contextmanager
def _typed_errors(request: httpx.Request) -> Generator[None]:
    """Types what httpx raises; takes the key off the request, which errors and answers carry on."""
    try:
        yield
    except httpx.TimeoutException as error:
        kind = type(error).__name__.removesuffix("Timeout").lower()
        raise RequestTimeoutError(f"no answer in time ({kind})", request=request) from error
    except httpx.DecodingError as error:
        raise ContractError("the answer's encoding is broken", request=request) from error
    except httpx.RequestError as error:
        raise NoConnectionError(f"no answer: {error or type(error).__name__}", request=request) from error
    finally:
        request.headers.pop("Authorization", None)


def _checked(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    response.request = request
    if not response.is_success:
        raise _status_error(request, response)
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise ContractError(
            f"the API answered {response.status_code} with HTML, not JSON", request=request, response=response
        )
    record_exchange(request, response)
    return response


def _status_error(request: httpx.Request, response: httpx.Response) -> StatusError:
    status = response.status_code
    message = _server_message(response, key=request.headers.get("Authorization", "").removeprefix("Bearer "))
    what = " ".join(filter(None, (str(status), httpx.codes.get_reason_phrase(status))))
    error_class = _STATUS_ERRORS.get(status, ServerError if status >= 500 else StatusError)
    error = error_class(
        f"{what}: {message}" if message else what, request=request, response=response, server_message=message
    )
    if isinstance(error, RateLimitError):
        now = time.time()
        error.retry_after = quota.retry_after(response.headers, now)
        error.resets_at = quota.resets_at(response.headers, now)
    return error


def _server_message(response: httpx.Response, key: str) -> str | None:
    """The `message` of a JSON answer on one line, cut to a sane length, the key masked."""
    try:
        body = cast("object", response.json())
    except (ValueError, RecursionError):
        return None
    message = cast("dict[str, object]", body).get("message") if isinstance(body, dict) else None
    if not isinstance(message, str) or not message.strip():
        return None
    if key:
        message = message.replace(key, "[secure]")
    return " ".join(message.split()).rstrip(".")[:_MESSAGE_LENGTH]
