"""How a portal sends requests."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

    from .clock import Clock

DEADLINE_IN_READ_TIMEOUTS = 4
"""The default deadline of an attempt, as a multiple of its read timeout."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a portal sends requests.

    Attributes:
        api_key: The API key.
        base_url: The portal's base URL: requests to other origins are sent without the key.
        concurrency: Maximum number of requests in flight at the same time.
        max_wait: Maximum time in seconds that a request waits in total for the rate limit and for
            maintenance.
        max_retries: Maximum number of retries of a failed idempotent request.
        deadline: Maximum time in seconds that an attempt takes in total; `None` for a multiple of its read
            timeout.
        max_body_size: Maximum size in bytes of a response body, decompressed.
        clock: The time, and waiting.

    Raises:
        ConfigurationError: The key is empty or contains an invalid character.
    """

    api_key: str = field(repr=False)
    base_url: httpx.URL
    concurrency: int
    max_wait: float
    max_retries: int
    deadline: float | None
    max_body_size: int
    clock: Clock

    def __post_init__(self) -> None:
        if not self.api_key.strip():
            raise ConfigurationError("the API key is empty; pass api_key= or set MIJNKLANTPORTAAL_API_KEY")
        for position, character in enumerate(self.api_key, 1):
            if not "!" <= character <= "~":
                raise ConfigurationError(
                    f"the API key has an invalid character at position {position} of {len(self.api_key)} "
                    f"(U+{ord(character):04X}); copy it again, without line breaks or spaces"
                )

    def authorize(self, request: httpx.Request) -> None:
        """Adds the API key to a request to the portal's own origin."""
        own, url = self.base_url, request.url
        if (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port):
            request.headers["Authorization"] = f"Bearer {self.api_key}"

    def deadline_of(self, request: httpx.Request) -> float:
        """Returns the maximum time in seconds that an attempt to send this request takes in total."""
        if self.deadline is not None:
            return self.deadline
        read: float | None = request.extensions.get("timeout", {}).get("read")
        return math.inf if read is None else DEADLINE_IN_READ_TIMEOUTS * read
