"""Which items have been yielded: each is yielded once, however often it occurs. Pure, no I/O."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .options import mark

if TYPE_CHECKING:
    from .options import Anchor
    from .reading import Reading


class Ledger:
    """The items of one iteration of a listing, in one pass over the list or several.

    Args:
        max_items: Maximum number of items to yield.
        anchor: Where an earlier listing stopped: it has yielded the items of the anchor.
        partial: Whether the listing starts after page 1: items before known ones are not wanted.

    Attributes:
        left: How many more items may be yielded.
        cut: Whether a page had more than that.
        passes: How many passes have begun.
        missed: How many new items this pass found between two known ones: earlier passes missed them.
    """

    def __init__(self, max_items: int | None, anchor: Anchor | None, *, partial: bool) -> None:
        self.left = math.inf if max_items is None else max_items
        self.cut = False
        self._marks = frozenset[str]() if anchor is None else anchor.marks
        self._partial = partial
        self._earlier = set[str | int]()  # the items of earlier passes
        self._places: dict[str | int, int] = {}  # those of this pass, with their places in the list
        self.passes = 0

    def begin_pass(self) -> None:
        """Starts another pass. No item is yielded again, but only items of this pass count as known."""
        self.passes += 1
        self._earlier.update(self._places)
        self._places = {}
        self.missed = 0
        self._between: int | None = None  # new items since the latest known one, if there was one

    @property
    def blank(self) -> bool:
        """Whether nothing is known yet."""
        return not self._places and not self._marks

    @property
    def size(self) -> int:
        """How many items this pass has found."""
        return len(self._places)

    def knows(self, reading: Reading[Any]) -> bool:
        """Returns whether an item of a reading occurred before in this pass, or is in the anchor."""
        if not self._places.keys().isdisjoint(reading.keys):
            return True
        return bool(self._marks) and any(map(self._marked, reading.keys))

    def reach(self, reading: Reading[Any]) -> int:
        """Returns the place in the list of the last item of a reading, from 0; -1 if it has no id."""
        key = reading.keys[-1]
        return -1 if key is None else self._places.get(key, -1)

    def take(self, reading: Reading[Any]) -> list[Any]:
        """Returns the new items of a reading, in order, and records that they are yielded."""
        pairs = list(zip(reading.keys, reading.items, strict=True))
        if self._partial:
            known = [key in self._places or self._marked(key) for key in reading.keys]
            pairs = pairs[known.index(True) if True in known else 0 :]
        fresh = [item for key, item in pairs if self._record(key)]
        if len(fresh) > self.left:
            self.cut = True
            fresh = fresh[: int(self.left)]
        self.left -= len(fresh)
        return fresh

    def _record(self, key: str | int | None) -> bool:
        """Records an item; returns whether it is new."""
        if key is None:
            return self.passes == 1  # items without an id cannot be told apart
        if key in self._places:
            return False
        self._places[key] = len(self._places)
        if key in self._earlier or self._marked(key):
            self.missed += self._between or 0
            self._between = 0
            return False
        if self._between is not None:
            self._between += 1
        return True

    def _marked(self, key: str | int | None) -> bool:
        return bool(self._marks) and key is not None and mark(key) in self._marks
