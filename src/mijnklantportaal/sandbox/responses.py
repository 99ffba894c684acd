"""The API's responses, byte for byte as in the wire samples."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Literal
from urllib.parse import parse_qsl

PER_PAGE = 15
When = Literal["before", "within", "after"]

_PAGE = re.compile(r"[ \t\n\r\v]*\+?([1-9][0-9]{0,18})[ \t\n\r\v]*")
_MESSAGES = {
    401: "Unauthenticated.",
    429: "Too many requests.",
    501: "The sandbox does not serve operations that write.",
    503: "Service Unavailable",
}


@dataclass(frozen=True)
class Response:
    """A response and its delivery: the delay, and where the connection is dropped."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay: float = 0.0
    drop: When | None = None
    reset: bool = False

    def with_headers(self, changes: Mapping[str, str | None]) -> "Response":
        """Sets headers (before the others) or, with None, removes them."""
        changed = {name.lower() for name in changes}
        new = {name: value for name, value in changes.items() if value is not None}
        kept = {name: value for name, value in self.headers.items() if name.lower() not in changed}
        return replace(self, headers=new | kept)


def php_json(value: object) -> bytes:
    r"""Encodes as PHP's json_encode does by default: compact, with `\/` and `\u00e9`."""
    return json.dumps(value, separators=(",", ":")).replace("/", r"\/").encode("ascii")


def page_number(query: str) -> int:
    """Reads `?page=` as Laravel does: anything but a positive PHP integer means page 1."""
    found = _PAGE.fullmatch(dict(parse_qsl(query, keep_blank_values=True)).get("page", ""))
    number = int(found[1]) if found else 1
    return number if number < 2**63 else 1


def error_body(status: int) -> bytes:
    """Returns the body of an error, with the API's message for the status."""
    if status == 500:  # Laravel's own: pretty-printed, without a code
        return b'{\n    "message": "Server Error"\n}'
    return php_json({"code": status, "message": _MESSAGES.get(status, "Error")})


def respond(status: int, now: float, headers: Mapping[str, str], body: object = None) -> Response:
    """Makes a response with the `body` (200) or the API's error; the order of headers is the API's."""
    common = {
        "Cache-Control": "no-cache, private",
        "Date": formatdate(now, usegmt=True),
        "Content-Type": "application/json",
    }
    if status == 200:
        return Response(status, {**common, **headers}, php_json(body))
    return Response(status, {**headers, **common}, error_body(status))


def envelope(url: str, number: int, rows: Sequence[object], *, more: bool) -> dict[str, object]:
    """Returns a page of a list; `url` is the URL that the client requested, without the query."""
    first = (number - 1) * PER_PAGE + 1
    return {
        "current_page": number,
        "data": rows,
        "first_page_url": f"{url}?page=1",
        "from": first if rows else None,
        "next_page_url": f"{url}?page={number + 1}" if more else None,
        "path": url,
        "per_page": PER_PAGE,
        "prev_page_url": f"{url}?page={number - 1}" if number > 1 else None,
        "to": first + len(rows) - 1 if rows else None,
    }
