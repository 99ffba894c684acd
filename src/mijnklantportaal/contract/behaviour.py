"""Checks behaviour of the live API that the client relies on and no schema describes, without a portal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Literal

import httpx

from mijnklantportaal._version import __version__
from mijnklantportaal.address import checked_base_url
from mijnklantportaal.document import Object, is_object, shipped
from mijnklantportaal.transport.wire import transport_options

from .check import media_type

_PAST_THE_END = 1_000_000
_MOST_UNTIL_429 = 1_000
_REMAINING = "X-RateLimit-Remaining"
_TOLERANCE = 2  # seconds: the headers have whole seconds

Judge = Callable[..., tuple[bool | None, str]]


@dataclass(frozen=True)
class Behaviour:
    """One thing that the client relies on.

    Attributes:
        what: What the API should do.
        outcome: Whether it does.
        seen: What was observed: statuses, numbers, header names; never a customer's data.
        otherwise: The consequence if it does not hold.
    """

    what: str
    outcome: Literal["ok", "not checked", "breach"]
    seen: str
    otherwise: str


def check_behaviour(
    *, api_key: str, base_url: str | None = None, exhaust: bool = False, timeout: float | None = None
) -> tuple[Behaviour, ...]:
    """Checks, in six requests, that the API behaves as the client expects.

    Args:
        api_key: The API key.
        base_url: The API's base URL; by default the server in the document.
        exhaust: Also use up the rate limit, to check a 429; other programs with this key then have to wait.
        timeout: Seconds to wait for each step of a request; by default 30.

    Raises:
        ConfigurationError: The base URL is invalid.
    """
    path = next(each.path for each in shipped().lists if not each.path_parameters)
    url = checked_base_url(base_url or shipped().server)
    headers = {"Accept": "application/json", "User-Agent": f"mijnklantportaal/{__version__}"}
    transport = httpx.HTTPTransport(**transport_options(url))  # with the proxies that a portal uses
    with httpx.Client(base_url=url, timeout=timeout or 30, headers=headers, transport=transport) as client:
        ask = partial(_ask, client, api_key, path)
        first = ask(1)
        if first is None or first.status_code != 200:
            seen = f"status {first.status_code}" if first else "no response"
            return (Behaviour("page 1 has status 200", "not checked", seen, "nothing can be listed"),)
        second, zero, beyond = (ask(page) for page in (2, 0, _PAST_THE_END))
        wrong_key = _ask(client, "not-a-key", path)
        unknown = _ask(client, api_key, "/no-such-path")
        rows = [
            _row("responses are JSON", _is_json, "the client rejects them", first),
            _row("errors are JSON", _is_json, "error messages are lost", wrong_key, unknown),
            _row("rate limit headers count down", _counts_down, "the client runs into 429s", first, second),
            _row("responses have a Date header", _has_date, "the client waits longer than needed", first),
            _row("current_page is the requested page", _has_pages, "listings fail", first, second),
            _row(
                "page 0 is page 1 or an error", _is_first, "listings from page 0 yield the wrong page", zero
            ),
            _row("a page past the end is empty", _is_empty, "listings fail or never end", beyond),
            _row("a wrong key gives 401", partial(_has_status, 401), "no hint to check the key", wrong_key),
            _row("an unknown path gives 404", partial(_has_status, 404), "no hint to check the URL", unknown),
        ]
        if exhaust:
            last: httpx.Response | None = first
            count = 6  # so far
            while last and last.status_code != 429 and _REMAINING in last.headers and count < _MOST_UNTIL_429:
                last, count = ask(1), count + 1
            judge = partial(_has_end, count)
            rows.append(_row("a 429 says when to retry", judge, "waits are too long or short", last))
    return tuple(rows)


def _ask(client: httpx.Client, api_key: str, path: str, page: int = 1) -> httpx.Response | None:
    try:
        return client.get(path, params={"page": page}, headers={"Authorization": f"Bearer {api_key}"})
    except httpx.HTTPError:
        return None


def _row(what: str, judge: Judge, otherwise: str, *responses: httpx.Response | None) -> Behaviour:
    try:
        holds, seen = (None, "no response") if None in responses else judge(*responses)
    except ValueError as error:
        holds, seen = False, str(error)
    return Behaviour(what, "not checked" if holds is None else "ok" if holds else "breach", seen, otherwise)


def _has_status(status: int, response: httpx.Response) -> tuple[bool, str]:
    return response.status_code == status, f"status {response.status_code}"


def _is_json(*responses: httpx.Response) -> tuple[bool, str]:
    types = set(map(media_type, responses))
    return types == {"application/json"}, ", ".join(sorted(types))


def _counts_down(first: httpx.Response, second: httpx.Response) -> tuple[bool | None, str]:
    before, after = (_number(each, _REMAINING) for each in (first, second))
    limit = _number(second, "X-RateLimit-Limit")
    new_window = before < after == limit - 1
    return None if new_window else after < before, f"{before}, then {after} of {limit}"


def _has_date(response: httpx.Response) -> tuple[bool, str]:
    moment = _date(response)
    return moment.tzinfo is not None, f"{moment}"


def _has_pages(*responses: httpx.Response) -> tuple[bool, str]:
    pages = [_body(each).get("current_page") for each in responses]
    seen = ", ".join(str(page) if isinstance(page, int) else "no number" for page in pages)
    return pages == [1, 2][: len(pages)], f"page {seen}"


def _is_first(response: httpx.Response) -> tuple[bool, str]:
    return (True, f"status {response.status_code}") if response.is_client_error else _has_pages(response)


def _is_empty(response: httpx.Response) -> tuple[bool, str]:
    body = _body(response)
    full = [name for name in ("data", "next_page_url", "from", "to") if body.get(name) not in (None, [])]
    return not full, f"not empty: {', '.join(full)}" if full else "empty"


def _has_end(count: int, response: httpx.Response) -> tuple[bool | None, str]:
    if response.status_code != 429:
        return None, f"no 429 in {count} requests"
    wait, end = _number(response, "Retry-After"), _number(response, "X-RateLimit-Reset")
    until = end - _date(response).timestamp()
    return abs(until - wait) <= _TOLERANCE, f"Retry-After {wait} s, reset in {until:.0f} s"


def _body(response: httpx.Response) -> Object:
    body = response.json() if response.status_code == 200 else None
    if not is_object(body):
        raise ValueError(f"status {response.status_code}, or no object")
    return body


def _date(response: httpx.Response) -> datetime:
    try:
        return parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        raise ValueError("no valid Date") from None


def _number(response: httpx.Response, header: str) -> int:
    text = response.headers.get(header, "")
    if not text.removeprefix("-").isdecimal():
        raise ValueError(f"no {header}")
    return int(text)
