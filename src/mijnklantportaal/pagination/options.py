"""Where a listing starts, and how much it yields."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from .reading import Reading

_START_PAGE = "start_page must be an integer of at least 1, or the anchor of a listing"
_ANCHOR = re.compile(r"([1-9][0-9]{0,8})\.((?:[\w-]{8})*)", re.ASCII)


@dataclass(frozen=True)
class Anchor:
    """A page that was yielded, with marks of its items, so that a later listing finds its place in the list.

    As a string, it is the page, a dot, and 8 characters for each item: a hash of its id, which cannot be
    recovered from it.
    """

    page: int
    marks: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parses what `str` returned; raises `ValueError`."""
        match = _ANCHOR.fullmatch(text)
        if match is None:
            raise ValueError(f"{_START_PAGE}, not {text!r}")
        marks = match[2]
        return cls(int(match[1]), frozenset(marks[i : i + 8] for i in range(0, len(marks), 8)))

    @classmethod
    def of(cls, reading: Reading[Any]) -> Self:
        """Returns the anchor of a page."""
        return cls(reading.page, frozenset(mark(key) for key in reading.keys if key is not None))

    def __str__(self) -> str:
        return f"{self.page}.{''.join(sorted(self.marks))}"


@dataclass(frozen=True)
class Options:
    """The options of a listing.

    Args:
        start_page: The first page, or where an earlier listing stopped.
        max_items: Maximum number of items to yield; `None` for all.
        certain: Whether to list again until no new item turns up.
    """

    start_page: int | Anchor = 1
    max_items: int | None = None
    certain: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.start_page, Anchor) and (not _is_int(self.start_page) or self.start_page < 1):
            raise ValueError(f"{_START_PAGE}, not {self.start_page!r}")
        if self.max_items is not None and (not _is_int(self.max_items) or self.max_items < 0):
            raise ValueError(f"max_items must be an integer of at least 0, or None, not {self.max_items!r}")


def mark(key: str | int) -> str:
    """Returns what an anchor contains of an id: 48 bits of its hash."""
    return urlsafe_b64encode(blake2b(repr(key).encode(), digest_size=6).digest()).decode()


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
