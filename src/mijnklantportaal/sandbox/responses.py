"""The API's responses, byte for byte as in the wire samples."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Literal

PER_PAGE = 15
REMAINING = "X-RateLimit-Remaining"
Headers = tuple[tuple[str, str], ...]
When = Literal["before", "within", "after"]

_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_PHP_MAX = 2**63 - 1
_MESSAGES = {401: "Unauthenticated.", 429: "Too many requests.", 503: "Service Unavailable"}


@dataclass(frozen=True)
class Response:
    """A response and its delivery: the delay, and where the connection is dropped."""

    status: int
    headers: Headers
    body: bytes
    delay: float = 0.0
    drop: When | None = None
    reset: bool = False

    def with_headers(self, changes: Mapping[str, str | None]) -> "Response":
        """Set headers (before the others) or, with None, remove them."""
        changed = {name.lower() for name in changes}
        new = tuple((name, value) for name, value in changes.items() if value is not None)
        kept = tuple((name, value) for name, value in self.headers if name.lower() not in changed)
        return replace(self, headers=new + kept)


def php_json(value: object) -> bytes:
    r"""Encode as PHP's json_encode does by default: compact, with `\/` and `\u00e9`."""
    return json.dumps(value, separators=(",", ":")).replace("/", r"\/").encode("ascii")


def page_number(text: str | None) -> int:
    """Read `?page=` as the framework does: anything but a positive PHP integer means page 1."""
    text = (text or "").strip(" \t\n\r\v")
    # The length first: int() refuses very long strings.
    if len(text) > 20 or not _INTEGER.fullmatch(text) or not 1 <= int(text) <= _PHP_MAX:
        return 1
    return int(text)


def error_body(status: int, message: str | None = None) -> bytes:
    """Return the body of an error, with the API's message for the status by default."""
    if status == 500:  # written by the framework itself: pretty-printed, without a code
        return b'{\n    "message": "Server Error"\n}'
    return php_json({"code": status, "message": message or _MESSAGES.get(status, "Error")})


def error(status: int, now: float, headers: Headers = (), message: str | None = None) -> Response:
    """Make an error response; its own headers come first, as in the wire samples."""
    return Response(status, headers + _common(now), error_body(status, message))


def good(body: object, now: float, headers: Headers) -> Response:
    """Make a successful response."""
    return Response(200, _common(now) + headers, php_json(body))


def envelope(url: str, number: int, rows: Sequence[object], *, more: bool) -> dict[str, object]:
    """Wrap a page of a list; `url` is the list's address as the client used it, without the query."""
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


def _common(now: float) -> Headers:
    return (
        ("Cache-Control", "no-cache, private"),
        ("Date", formatdate(now, usegmt=True)),
        ("Content-Type", "application/json"),
    )
