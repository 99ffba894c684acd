"""The API key, and which requests carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Generator


class BearerAuth(httpx.Auth):
    """Sends the API key as a bearer token, to one origin only; its `repr` does not contain the key.

    Args:
        api_key: The key.
        base_url: The portal's base URL: requests to other origins are sent without the key.

    Raises:
        ConfigurationError: The key is empty or contains an invalid character.
    """

    def __init__(self, api_key: str, base_url: httpx.URL) -> None:
        if not api_key.strip():
            raise ConfigurationError("the API key is empty; pass api_key= or set MIJNKLANTPORTAAL_API_KEY")
        for position, character in enumerate(api_key, 1):
            if not "!" <= character <= "~":
                raise ConfigurationError(
                    f"the API key has an invalid character at position {position} of {len(api_key)} "
                    f"(U+{ord(character):04X}); copy it again, without line breaks or spaces"
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


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
