"""Which pages to ask for, when to stop, and which items are new: pure, no I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mijnklantportaal_api.types import Unset

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Envelope(Protocol[T_co]):
    """What every page has: Laravel's `simplePaginate`, as upstream documents it."""

    @property
    def data(self) -> Sequence[T_co] | Unset:
        """The items of this page."""
        ...

    @property
    def next_page_url(self) -> str | Unset | None:
        """Whether a page follows: read as null / not null only, never as an address."""
        ...

    @property
    def current_page(self) -> int | Unset:
        """The number of this page."""
        ...


@dataclass(frozen=True)
class Options:
    """Where a listing starts and how many items it gives."""

    start_page: int = 1
    max_items: int | None = None

    def __post_init__(self) -> None:
        if not _is_int(self.start_page) or self.start_page < 1:
            raise ValueError(f"start_page must be a whole number from 1, not {self.start_page!r}")
        if self.max_items is not None and (not _is_int(self.max_items) or self.max_items < 0):
            raise ValueError(f"max_items must be a whole number from 0, or None, not {self.max_items!r}")


class Walk:
    """One iteration of a listing, from its first page to its last.

    Attributes:
        page: The page to deliver next; `None` when the listing is complete.
        shifted: Whether an item came again: rows were added or removed meanwhile.
    """

    def __init__(self, options: Options) -> None:
        self.page: int | None = None if options.max_items == 0 else options.start_page
        self.shifted = False
        self._left = options.max_items
        self._delivered = 0
        self._asked = options.start_page - 1
        self._last: float = math.inf
        self._page_size = 1
        self._seen: set[str | int] = set()

    def to_ask(self, capacity: int) -> range:
        """The pages to ask for now, so that `page` and those read ahead are under way.

        The first page goes alone; then as many are under way as pages were delivered, and one more. So the
        window doubles, and a listing of N pages asks for N + min(capacity, N) - 1 pages at most.

        Args:
            capacity: How many pages may be under way at most, from 1.
        """
        if self.page is None:
            return range(0)
        window = min(capacity, self._delivered + 1)
        if self._left is not None:
            window = min(window, math.ceil(self._left / self._page_size))
        first = self._asked + 1
        self._asked = max(self._asked, int(min(self.page - 1 + window, self._last)))
        return range(first, self._asked + 1)

    def arrived(self, page: int, envelope: Envelope[object]) -> None:
        """Takes note of an answer as soon as it is there, in any order: the last page shows the end."""
        if not envelope.next_page_url:
            self._last = page

    def accept(self, page: int, envelope: Envelope[T]) -> list[T]:
        """Takes the answer for `page`, moves on, and returns the items to deliver."""
        items = cast("Sequence[T]", envelope.data)
        fresh = [item for item in items if self._is_new(item)]
        if self._left is not None:
            fresh = fresh[: self._left]
            self._left -= len(fresh)
        self._delivered += 1
        self._page_size = max(self._page_size, len(items))
        self.page = None if self._left == 0 or not envelope.next_page_url else page + 1
        return fresh

    def _is_new(self, item: object) -> bool:
        key = getattr(item, "id", None)
        if not isinstance(key, str | int):
            return True
        if key in self._seen:
            self.shifted = True
            return False
        self._seen.add(key)
        return True


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
