"""What the client relies on and no schema says: asked of the live API, with httpx alone."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

import httpx

from mijnklantportaal._version import __version__
from mijnklantportaal.address import checked_base_url
from mijnklantportaal.document import Object, is_object, shipped

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_TIMEOUT = 30.0
_PAST_THE_END = 1_000_000
_MOST_UNTIL_429 = 1_000
_TOLERANCE = 2  # seconds: all that is compared is in whole ones

Judged = tuple["bool | None", str]


@dataclass(frozen=True)
class Behaviour:
    """One thing that the client relies on.

    Attributes:
        what: What the API should do.
        holds: Whether it does; `None` if that could not be seen.
        seen: What was seen: statuses, numbers, names of headers; never a customer's data.
        otherwise: What happens where it does not hold.
    """

    what: str
    holds: bool | None
    seen: str
    otherwise: str


def check_behaviour(
    *, api_key: str, base_url: str | None = None, exhaust: bool = False, timeout: float = DEFAULT_TIMEOUT
) -> tuple[Behaviour, ...]:
    """Ask the API, in six requests, whether it does what the client relies on.

    Args:
        api_key: The API key.
        base_url: Where the API is; by default the server that the document names.
        exhaust: Use up the window, to see what a 429 says; all that uses this key then waits for the next.
        timeout: Seconds to wait for each step of a request.

    Raises:
        ConfigurationError: The base URL cannot be one.
    """
    path = next(each.path for each in shipped().lists if not each.path_parameters)
    url = checked_base_url(base_url or shipped().server)
    headers = {"Accept": "application/json", "User-Agent": f"mijnklantportaal/{__version__}"}
    with httpx.Client(base_url=url, timeout=timeout, headers=headers) as client:
        ask = partial(_ask, client, api_key, path)
        first = ask(1)
        if first is None or first.status_code != 200:  # that is told by the error of the check
            return (_row("a page has status 200", _nothing, "nothing can be listed", first),)
        second, zero, beyond = (ask(page) for page in (2, 0, _PAST_THE_END))
        wrong_key = _ask(client, "not-a-key", path, 1)
        nowhere = _ask(client, api_key, "/no-such-path")
        rows = [
            _row("responses are JSON", _is_json, "they are read as errors", first),
            _row("errors are JSON", _is_json, "their messages are lost", wrong_key, nowhere),
            _row("the rate limit is told", _tells_limit, "the client runs into 429s", first),
            _row("it counts down", _counts_down, "the client runs into 429s", first, second),
            _row("responses have a Date", _has_date, "the client waits longer than it must", first),
            _row("pages say their number", _says_page(1), "every listing is an error", first),
            _row("... also the second", _says_page(2), "every listing is an error", second),
            _row("page 0 is page 1, or an error", _is_first, "one page is taken for another", zero),
            _row("past the end it is empty", _is_empty, "a listing is an error, or endless", beyond),
            _row("a wrong key is a 401", _has_status(401), "the error does not name the key", wrong_key),
            _row("an unknown path is a 404", _has_status(404), "the error does not name the URL", nowhere),
        ]
        if exhaust:
            rows.append(_row("a 429 says when to return", _tells_end, "waits are wrong", _until_429(ask)))
    return tuple(rows)


def _ask(client: httpx.Client, api_key: str, path: str, page: int | None = None) -> httpx.Response | None:
    params = None if page is None else {"page": page}
    try:
        return client.get(path, params=params, headers={"Authorization": f"Bearer {api_key}"})
    except httpx.HTTPError:
        return None


def _until_429(ask: Callable[[int], httpx.Response | None]) -> httpx.Response | None:
    for _ in range(_MOST_UNTIL_429):
        response = ask(1)
        if response is None or response.status_code == 429:
            return response
    return None


def _row(
    what: str, judge: Callable[..., Judged], otherwise: str, *responses: httpx.Response | None
) -> Behaviour:
    if any(response is None for response in responses):
        return Behaviour(what, None, "no response", otherwise)
    try:
        holds, seen = judge(*responses)
    except ValueError as error:
        holds, seen = False, str(error)
    return Behaviour(what, holds, seen, otherwise)


def _has_status(status: int) -> Callable[[httpx.Response], Judged]:
    return lambda response: (response.status_code == status, f"status {response.status_code}")


def _nothing(response: httpx.Response) -> Judged:
    return None, f"status {response.status_code}"


def _is_json(*responses: httpx.Response) -> Judged:
    types = [each.headers.get("content-type", "none").partition(";")[0] for each in responses]
    return all(each == "application/json" for each in types), ", ".join(dict.fromkeys(types))


def _tells_limit(response: httpx.Response) -> Judged:
    return (
        True,
        f"{_number(response, 'X-RateLimit-Remaining')} of {_number(response, 'X-RateLimit-Limit')} left",
    )


def _counts_down(first: httpx.Response, second: httpx.Response) -> Judged:
    before, after = (_number(each, "X-RateLimit-Remaining") for each in (first, second))
    begun = after == _number(second, "X-RateLimit-Limit") - 1
    return (None if begun and after > before else after < before), f"{before}, then {after}"


def _has_date(response: httpx.Response) -> Judged:
    text = response.headers.get("date", "none")
    return text != "none" and parsedate_to_datetime(text).tzinfo is not None, text


def _says_page(number: int) -> Callable[[httpx.Response], Judged]:
    def judge(response: httpx.Response) -> Judged:
        page = _body(response).get("current_page")
        return page == number, f"page {page}" if isinstance(page, int) else "no number"

    return judge


def _is_first(response: httpx.Response) -> Judged:
    return (True, f"status {response.status_code}") if response.is_client_error else _says_page(1)(response)


def _is_empty(response: httpx.Response) -> Judged:
    body = _body(response)
    full = [name for name in ("data", "next_page_url", "from", "to") if body.get(name) not in (None, [])]
    return not full, ", ".join(full) + " not empty" if full else "no items, nulls"


def _tells_end(response: httpx.Response) -> Judged:
    wait, end = _number(response, "Retry-After"), _number(response, "X-RateLimit-Reset")
    until = end - parsedate_to_datetime(response.headers.get("date", "")).timestamp()
    return abs(until - wait) <= _TOLERANCE, f"Retry-After {wait} s, reset in {until:.0f} s"


def _body(response: httpx.Response) -> Object:
    body = response.json() if response.status_code == 200 else None
    if not is_object(body):
        raise ValueError(f"status {response.status_code}, or no object")
    return body


def _number(response: httpx.Response, header: str) -> int:
    text = response.headers.get(header, "")
    if not text.removeprefix("-").isdecimal():
        raise ValueError(f"no {header}")
    return int(text)
