"""The exceptions of this package.

    MijnKlantportaalError
    ├── ConfigurationError          a missing or invalid key, base URL or option (also a ValueError)
    ├── ClosedError                 the portal is closed, or belongs to another process or event loop
    └── RequestError                a request failed
        ├── ConnectionFailedError   no response: refused, reset, name not found, TLS
        │   └── RequestTimeoutError     timeout
        ├── StatusError             a response with a status other than 2xx
        │   ├── AuthenticationError     401
        │   ├── PermissionDeniedError   403
        │   ├── NotFoundError           404
        │   ├── ConflictError           409
        │   ├── ValidationError         422
        │   ├── UpgradeRequiredError    426
        │   ├── RateLimitError          429
        │   └── ServerError             5xx, official or not (520, 599)
        ├── ContractError           a response that does not conform to the document
        └── PaginationError         a different page from the one requested, or an endless list

No error contains the API key: the transport removes the `Authorization` header from a request when it is
done, and masks the key in the server's messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import httpx


FORKED = "this portal belongs to the parent process; create a new one after a fork"
OTHER_LOOP = "this portal belongs to the event loop that it was first used in; create one in each"
SHUT = "this portal is closed; create a new one, or use it only within its `with` block"


class MijnKlantportaalError(Exception):
    """The base class of this package's exceptions."""


class ConfigurationError(MijnKlantportaalError, ValueError):
    """The API key, base URL or another option of a portal is missing or invalid."""


class ClosedError(MijnKlantportaalError):
    """The portal is closed, or belongs to another process or event loop; create a new one."""


class RequestError(MijnKlantportaalError):
    """A request that failed.

    Attributes:
        request: The request, without its `Authorization` header; `None` if the client is not a portal's.
        response: The response, if there was one.
        server_message: The `message` in the response, if there was one.
        page: The page that failed, if a listing raised this: start there to resume.
        attempts: How often the request was sent; 0 if it never was.
    """

    _next_step: str = ""

    def __init__(
        self,
        what: str,
        *,
        request: httpx.Request | None = None,
        response: httpx.Response | None = None,
        server_message: str | None = None,
        page: int | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(what)
        self.request = request
        self.response = response
        self.server_message = server_message
        self.page = page
        self.attempts = 1
        if next_step is not None:
            self._next_step = next_step

    @property
    def method(self) -> str | None:
        """The HTTP method, such as `GET`."""
        return self.request.method if self.request else None

    @property
    def path(self) -> str | None:
        """The path of the URL, such as `/v1/customers`."""
        return self.request.url.path if self.request else None

    @property
    def status_code(self) -> int | None:
        """The status of the response, if there was one."""
        return self.response.status_code if self.response is not None else None

    @property
    def next_step(self) -> str:
        """What to do about it, in one sentence without its period; may be empty."""
        return self._next_step

    def __str__(self) -> str:
        place = ", ".join(self._place())
        where = " ".join(part for part in (self.method, self.path, f"({place})" if place else None) if part)
        text = f"{where}: {self.args[0]}" if where else str(self.args[0])
        if self.attempts > 1:
            text += f", after {self.attempts} attempts"
        return f"{text}. {self.next_step}" if self.next_step else f"{text}."

    def _place(self) -> list[str]:
        return [f"page {self.page}"] if self.page else []


class ConnectionFailedError(RequestError):
    """No response: the connection was refused or lost, or could not be established."""

    _next_step = "Check the network and the base URL, then try again"


class RequestTimeoutError(ConnectionFailedError):
    """No response in time."""

    _next_step = "Try again, or set a longer timeout or deadline"


class StatusError(RequestError):
    """The API responded with a status other than 2xx."""

    _next_step = "See `response`: the API may have said why"

    @property
    def next_step(self) -> str:
        """What to do: check the base URL, if the response is a redirect."""
        if self.response is not None and self.response.has_redirect_location:
            return "Redirects are not followed, because they could leak the key: check the base URL"
        return self._next_step


class AuthenticationError(StatusError):
    """401: the API rejected the key."""

    _next_step = "Check the API key: is it complete, from this portal, and not revoked?"


class PermissionDeniedError(StatusError):
    """403: the key lacks a permission."""

    @property
    def next_step(self) -> str:
        """What to do; names the scope for listing customers, `customers.read` (upstream: scopes)."""
        lists_customers = self.method == "GET" and (self.path or "").endswith("/customers")
        scope = "`customers.read`" if lists_customers else "that this operation requires"
        return f"Give the key the scope {scope} in the portal that issued it"


class NotFoundError(StatusError):
    """404: this portal has no such resource."""

    _next_step = "Check the id and the base URL"


class ConflictError(StatusError):
    """409: the state of the resource does not allow this, such as canceling what is already canceled."""

    _next_step = "Check its current state"


class ValidationError(StatusError):
    """422: the API rejected the values that were sent.

    Attributes:
        errors: The server's messages by field, if there were any. They can quote values, so the text of this
            error only names the fields.
    """

    errors: dict[str, list[str]] = {}

    @property
    def next_step(self) -> str:
        """What to do; refers to `errors` if the server sent any."""
        return f"Correct the values{'; `errors` has the reasons by field' if self.errors else ''}"


class UpgradeRequiredError(StatusError):
    """426: the license of the portal does not include this operation."""

    _next_step = "Ask the administrator of the portal for a license that includes it"


class RateLimitError(StatusError):
    """429: the rate limit is reached (by default, 60 requests a minute per key; upstream: rate-limiting).

    Attributes:
        retry_after: Seconds to wait, if the API said so.
        resets_at: When the window ends, in UTC, if the API said so.
    """

    retry_after: float | None = None
    resets_at: datetime | None = None

    @property
    def next_step(self) -> str:
        """What to do: when to try again."""
        when = f"in {self.retry_after:.0f} s" if self.retry_after is not None else "in a minute"
        return f"Try again {when}"


class ServerError(StatusError):
    """5xx: the API failed."""

    _next_step = "Try again later"


class ContractError(RequestError):
    """The response does not conform to the API's document.

    Attributes:
        place: Where in the response, such as `$.data[7].createdAt`, if that is known.
    """

    place: str | None = None

    _next_step = "The API has changed, or its document is wrong: check for a newer release of this client"

    def _place(self) -> list[str]:
        return [*super()._place(), self.place] if self.place else super()._place()


class PaginationError(RequestError):
    """The API returned a different page from the one requested, or a list that does not end."""

    @property
    def next_step(self) -> str:
        """What to do; names the page where to resume."""
        return self._next_step or (f"Resume the listing at page {self.page}" if self.page else "")
