"""What can go wrong with an answer, chosen per request: small frozen objects that spoil it, all of them pure.

The API handles the request first, and the fault spoils what it answered: a spoiled request is counted against
the rate limit like any other (only an invented 429 is not: a real one is not counted either).

    Sandbox(faults={2: Status(503, headers={"Retry-After": "7"}), 5: Drop("within")})     # by request number
    Sandbox(faults=by_page({3: [Status(520), Truncate()], 4: Html()}))                    # by page
    Sandbox(faults=lambda request: Delay(0.2) if request.number % 10 == 0 else None)      # as you like

A function is called before the request is answered, on the server's thread; it may change the sandbox, too:
add or remove customers, turn the clock, begin maintenance.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mijnklantportaal.sandbox.responses import Response, When, error_body, php_json


@dataclass(frozen=True)
class ReceivedRequest:
    """One request that arrived; never its token."""

    number: int
    """1 for the first request that arrived, whatever it asked for and was answered."""
    method: str
    path: str
    query: str
    """The query string, raw."""
    page: int | None
    """The page that a list takes this for (page 1 for a bad page); None for other paths."""
    attempt: int
    """1 when this page is asked for the first time, 2 the second time, …"""
    status: int | None = None
    """The status answered; None while it is not decided, and for a connection dropped before it."""
    remaining: int | None = None
    """What is left of the window after this request; None where the limit plays no role (401, 404, …)."""


class Fault:
    """What all faults are; by itself it spoils nothing."""

    @property
    def counted(self) -> bool:
        """Whether the request takes its place in the rate limit's window."""
        return True

    def spoil(self, response: Response) -> Response:
        """Give what is sent instead of the good answer."""
        return response


Choose = Callable[[ReceivedRequest], Fault | None]
Faults = Mapping[int, Fault] | Choose


@dataclass(frozen=True)
class Status(Fault):
    """Another status: 500, 503, 520, 429, …; the body is the API's own for it, unless given.

    `body` is bytes or str, sent as they are, or anything else, sent as JSON: `Status(200, {"data": None})`.
    The rate limit's headers are left out, as the API does with an error; `headers` adds what is wanted, junk
    included.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"a final status is 200 to 599, not {self.status}")

    @property
    def counted(self) -> bool:
        """An invented 429, like a real one, is not counted."""
        return self.status != 429

    def spoil(self, response: Response) -> Response:
        """Respond with this status."""
        plain = ("cache-control", "date", "content-type")
        headers = tuple((name, value) for name, value in response.headers if name.lower() in plain)
        return replace(response, status=self.status, headers=headers, body=self._body()).with_headers(
            self.headers
        )

    def _body(self) -> bytes:
        if self.status in (204, 304):
            return b""
        if self.body is None:
            return error_body(self.status)
        if isinstance(self.body, str | bytes):
            return self.body.encode() if isinstance(self.body, str) else self.body
        return php_json(self.body)


@dataclass(frozen=True)
class Html(Fault):
    """A page of HTML, as proxies and login walls send it, also with status 200."""

    status: int = 200
    html: str = "<!DOCTYPE html>\n<html><head><title>Even geduld</title></head><body></body></html>\n"

    def spoil(self, response: Response) -> Response:
        """Respond with HTML."""
        return Status(self.status, self.html, {"Content-Type": "text/html; charset=UTF-8"}).spoil(response)


@dataclass(frozen=True)
class Headers(Fault):
    """The good answer with other headers: `Headers({"X-RateLimit-Remaining": "-3"})`; None leaves one out."""

    headers: Mapping[str, str | None]

    def spoil(self, response: Response) -> Response:
        """Change the headers."""
        return response.with_headers(self.headers)


@dataclass(frozen=True)
class Delay(Fault):
    """The good answer, but so many seconds later (on top of the sandbox's latency)."""

    seconds: float

    def spoil(self, response: Response) -> Response:
        """Wait first."""
        return replace(response, delay=response.delay + self.seconds)


@dataclass(frozen=True)
class Drop(Fault):
    """A connection lost: `before` the first byte of the answer, `within` its body, or `after` it.

    `after` is the idle connection that dies in the client's pool: the answer arrives whole, and the
    connection is dropped the moment that the client uses it again (never a race with the client; that second
    request is not seen by the API and gets no number). `reset=True` ends it with a TCP reset rather than in
    an orderly way.
    """

    when: When
    reset: bool = False

    def spoil(self, response: Response) -> Response:
        """Drop the connection."""
        return replace(response, drop=self.when, reset=self.reset)


@dataclass(frozen=True)
class Truncate(Fault):
    """A complete HTTP answer whose JSON stops halfway: `Content-Length` is right, the content is not."""

    def spoil(self, response: Response) -> Response:
        """Cut the body."""
        return replace(response, body=response.body[: len(response.body) // 2])


@dataclass(frozen=True)
class WrongPage(Fault):
    """A good page whose `current_page` is not what was asked for: `page`, or the one after what was asked."""

    page: int | None = None

    def spoil(self, response: Response) -> Response:
        """Change the page's number."""
        return Edit(
            lambda page: {
                **page,
                "current_page": page["current_page"] + 1 if self.page is None else self.page,
            }
        ).spoil(response)


@dataclass(frozen=True)
class Edit(Fault):
    """The good page, decoded, through a function of yours: `Edit(lambda page: {**page, "data": None})`."""

    change: Callable[[dict[str, Any]], object]

    def spoil(self, response: Response) -> Response:
        """Change the page; an answer that is no page (429, 401, …) stays as it is."""
        if response.status != 200:
            return response
        return replace(response, body=php_json(self.change(json.loads(response.body))))


def by_page(
    faults: Mapping[int, Fault | Sequence[Fault | None]],
) -> Callable[[ReceivedRequest], Fault | None]:
    """Choose faults by page: one fault strikes at every attempt, a sequence attempt by attempt."""

    def choose(request: ReceivedRequest) -> Fault | None:
        chosen = faults.get(request.page) if request.page is not None else None
        if chosen is None or isinstance(chosen, Fault):
            return chosen
        return chosen[request.attempt - 1] if request.attempt <= len(chosen) else None

    return choose
