"""Faults: what can go wrong with a response, chosen for each request.

The sandbox first handles the request, and the fault then changes the response. So the request counts against
the rate limit like any other, unless the fault is `Status(429)`: the API does not count rejected requests.

    Sandbox(faults={2: Status(503, headers={"Retry-After": "7"}), 5: Drop("within")})     # by request number
    Sandbox(faults=by_page({3: [Status(520), Truncate()], 4: Html()}))                    # by page
    Sandbox(faults=lambda request: Delay(0.2) if request.number % 10 == 0 else None)      # by a function

The function is called on the server's thread before the request is handled. It may also change the sandbox:
add or remove customers, set the clock, start maintenance.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from mijnklantportaal.sandbox.responses import Response, When, error_body, php_json


@dataclass(frozen=True)
class ReceivedRequest:
    """A request that the sandbox received; its token is not kept."""

    number: int
    """Its position among all requests received, whatever their path or status; the first is 1."""
    method: str
    path: str
    query: str
    """The raw query string."""
    page: int | None
    """The page of the list (1 if `page` is missing or invalid); None for other paths."""
    attempt: int
    """1 for the first request for this page, 2 for the second, …"""
    status: int | None = None
    """The response's status; None until it is known, and if the connection was dropped before it was sent."""
    remaining: int | None = None
    """The requests left in the window after this one; None where the limit does not apply (401, 404, …)."""


class Fault:
    """The base class of all faults; on its own it changes nothing."""

    def apply(self, response: Response) -> Response:
        """Returns the response to send instead of this one."""
        return response


Faults = Mapping[int, Fault] | Callable[[ReceivedRequest], Fault | None]


@dataclass(frozen=True)
class Status(Fault):
    """Another status (500, 503, 520, 429, …), with the API's body for that status unless you give one.

    A `body` of bytes or str is sent unchanged, anything else as JSON: `Status(200, {"data": None})`. The rate
    limit headers are left out, as in the API's errors; `headers` adds any others, invalid ones included.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"status must be between 200 and 599, not {self.status}")

    def apply(self, response: Response) -> Response:
        headers = {name: response.headers[name] for name in ("Cache-Control", "Date", "Content-Type")}
        body = self.body.encode() if isinstance(self.body, str) else self.body
        if self.status in {204, 304}:
            body = b""
        elif body is None:
            body = error_body(self.status)
        elif not isinstance(body, bytes):
            body = php_json(body)
        return replace(response, status=self.status, headers=headers, body=body).with_headers(self.headers)


@dataclass(frozen=True)
class Html(Status):
    """An HTML page, as proxies and login pages send, by default with status 200."""

    status: int = 200
    body: str = "<!DOCTYPE html>\n<html><head><title>Even geduld</title></head><body></body></html>\n"
    headers: Mapping[str, str | None] = field(
        default_factory=lambda: {"Content-Type": "text/html; charset=UTF-8"}
    )


@dataclass(frozen=True)
class Headers(Fault):
    """The response with other headers: `Headers({"X-RateLimit-Remaining": "-3"})`; None removes one."""

    headers: Mapping[str, str | None]

    def apply(self, response: Response) -> Response:
        return response.with_headers(self.headers)


@dataclass(frozen=True)
class Delay(Fault):
    """The response, delayed by some seconds (in addition to the sandbox's latency)."""

    seconds: float

    def apply(self, response: Response) -> Response:
        return replace(response, delay=response.delay + self.seconds)


@dataclass(frozen=True)
class Drop(Fault):
    """A lost connection: `before` the first byte of the response, `within` its body, or `after` it.

    `after` simulates an idle connection that dies in the client's pool: the response arrives complete, and
    the connection is dropped as soon as the client uses it again, so there is no race. That second request is
    not recorded. `reset=True` sends a TCP reset instead of closing the connection normally.
    """

    when: When
    reset: bool = False

    def __post_init__(self) -> None:
        if self.when not in get_args(When):
            raise ValueError(f"when must be 'before', 'within' or 'after', not {self.when!r}")

    def apply(self, response: Response) -> Response:
        return replace(response, drop=self.when, reset=self.reset)


@dataclass(frozen=True)
class Truncate(Fault):
    """A complete HTTP response, with the right `Content-Length`, whose JSON stops halfway."""

    def apply(self, response: Response) -> Response:
        return replace(response, body=response.body[: len(response.body) // 2])


@dataclass(frozen=True)
class WrongPage(Fault):
    """A page whose `current_page` is not the one requested: `page`, by default the next one."""

    page: int | None = None

    def apply(self, response: Response) -> Response:
        return Edit(self._renumber).apply(response)

    def _renumber(self, page: dict[str, Any]) -> dict[str, Any]:
        return page | {"current_page": page["current_page"] + 1 if self.page is None else self.page}


@dataclass(frozen=True)
class Edit(Fault):
    """The page as changed by your function: `Edit(lambda page: {**page, "data": None})`."""

    change: Callable[[dict[str, Any]], object]

    def apply(self, response: Response) -> Response:
        if response.status != 200:
            return response
        return replace(response, body=php_json(self.change(json.loads(response.body))))


def by_page(
    faults: Mapping[int, Fault | Sequence[Fault | None]],
) -> Callable[[ReceivedRequest], Fault | None]:
    """Chooses faults by page: a single fault for every attempt, or a sequence with one for each attempt."""

    def choose(request: ReceivedRequest) -> Fault | None:
        chosen = faults.get(request.page or 0)
        if chosen is None or isinstance(chosen, Fault):
            return chosen
        return chosen[request.attempt - 1] if request.attempt <= len(chosen) else None

    return choose
