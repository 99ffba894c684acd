"""What can go wrong, and what to do about it.

    MijnKlantportaalError
    ├── ConfigurationError          no key, a key or base URL that cannot be right (also a ValueError)
    ├── ClosedError                 the portal was closed, or belongs to another process or event loop
    └── RequestError                a request did not give what the document promises
        ├── ConnectionFailedError   no answer: refused, reset, name not found, TLS
        │   └── RequestTimeoutError     no answer in time
        ├── StatusError             an answer whose status is not 2xx
        │   ├── AuthenticationError     401
        │   ├── PermissionDeniedError   403
        │   ├── NotFoundError           404
        │   ├── ConflictError           409
        │   ├── ValidationError         422
        │   ├── UpgradeRequiredError    426
        │   ├── RateLimitError          429
        │   └── ServerError             5xx, official or not (520, 599)
        ├── ContractError           an answer that is not as the document says
        └── PaginationError         an answer for another page than the one asked for

No error shows the API key: the transport takes the `Authorization` header off a request as soon as it is
answered, and masks the key where a server's message repeats it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime

    import httpx


FORKED = "this portal belongs to the process that forked this one; make a new one here"
OTHER_LOOP = "this portal belongs to the event loop that it was first used in; make a new one in each"
SHUT = "this portal is closed; make a new one, or stay within its `with` block"


class MijnKlantportaalError(Exception):
    """Everything that this package raises on purpose."""


class ConfigurationError(MijnKlantportaalError, ValueError):
    """The portal cannot be set up as asked: the API key, base URL, timeout or user agent is unusable."""


class ClosedError(MijnKlantportaalError):
    """The portal was closed, or belongs to another process or event loop; make a new one."""


class RequestError(MijnKlantportaalError):
    """A request that failed.

    Attributes:
        request: What was sent, without its `Authorization` header; `None` if the client is not a portal's.
        response: What was answered, if anything.
        server_message: The server's own words (its `message`), if it gave any.
        page: The page that was asked for, when a listing raised this: start there to resume.
        attempts: How often the request was sent; 0 if it never was.
    """

    _next_step: ClassVar[str] = ""

    def __init__(
        self,
        what: str,
        *,
        request: httpx.Request | None = None,
        response: httpx.Response | None = None,
        server_message: str | None = None,
        page: int | None = None,
    ) -> None:
        super().__init__(what)
        self.request = request
        self.response = response
        self.server_message = server_message
        self.page = page
        self.attempts = 1

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
        """The status of the answer, if there was one."""
        return self.response.status_code if self.response is not None else None

    @property
    def next_step(self) -> str:
        """What to do about it, as half a sentence; may be empty."""
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
    """No answer came: the connection was refused, lost, or never made."""

    _next_step = "Check the network and the base URL, then try again"


class RequestTimeoutError(ConnectionFailedError):
    """No answer came in time."""

    _next_step = "Try again, or give the portal a longer timeout"


class StatusError(RequestError):
    """The API answered with a status that is not 2xx."""

    @property
    def next_step(self) -> str:
        """Points to the base URL when the server wants to send the request elsewhere."""
        if self.status_code is not None and 300 <= self.status_code < 400:
            return "Redirects are not followed, to keep the key here: check the base URL"
        return self._next_step


class AuthenticationError(StatusError):
    """401: the API does not know the key."""

    _next_step = "Check the API key: is it whole, of this portal, and not revoked?"


class PermissionDeniedError(StatusError):
    """403: the key may not do this."""

    @property
    def next_step(self) -> str:
        """Names the scope where it is known: `customers.read` for listing customers (upstream: scopes)."""
        lists_customers = self.method == "GET" and (self.path or "").endswith("/customers")
        scope = "`customers.read`" if lists_customers else "that this operation needs"
        return f"Give the key the scope {scope}, in the portal where it was made"


class NotFoundError(StatusError):
    """404: there is no such thing in this portal."""

    _next_step = "Check the id and the base URL"


class ConflictError(StatusError):
    """409: it cannot be done as things stand, such as canceling what is already canceled."""

    _next_step = "Look at how it stands now"


class ValidationError(StatusError):
    """422: the API does not accept what was sent.

    Attributes:
        errors: The server's own words for each field, as far as it gave any. They can quote what was sent, so
            the text of this error names the fields only.
    """

    errors: dict[str, list[str]] = {}

    @property
    def next_step(self) -> str:
        """Points to `errors` where the server gave them."""
        return f"Correct what was sent{'; `errors` says why, field by field' if self.errors else ''}"


class UpgradeRequiredError(StatusError):
    """426: the license of the portal does not include this."""

    _next_step = "Ask whoever manages the portal for a license that includes it"


class RateLimitError(StatusError):
    """429: the requests of this window are used up (60 a minute a key by default; upstream: rate-limiting).

    Attributes:
        retry_after: Seconds to wait, as far as the API said.
        resets_at: When the window ends, in UTC, as far as the API said.
    """

    retry_after: float | None = None
    resets_at: datetime | None = None

    @property
    def next_step(self) -> str:
        """Says when to come back."""
        when = f"in {self.retry_after:.0f} s" if self.retry_after is not None else "in a minute"
        return f"Try again {when}"


class ServerError(StatusError):
    """5xx: the API failed."""

    _next_step = "Try again later"


class ContractError(RequestError):
    """The API answered something that its document does not allow.

    Attributes:
        place: Where in the answer, such as `$.data[7].createdAt`, if that is known.
    """

    place: str | None = None

    _next_step = "The API and this client's document disagree: is there a newer release of this client?"

    def _place(self) -> list[str]:
        return [*super()._place(), self.place] if self.place else super()._place()


class PaginationError(RequestError):
    """The API answered another page than the one asked for; going on could lose or repeat rows."""

    _next_step = "Start the listing again at this page"
