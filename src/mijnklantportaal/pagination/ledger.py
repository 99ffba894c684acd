"""Which items were given: each is given once, however often it comes. Pure, no I/O."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .options import mark

if TYPE_CHECKING:
    from .options import Anchor
    from .reading import Reading


class Ledger:
    """The items that one iteration of a listing met, in one pass over the list or in several.

    Args:
        max_items: How many items to give at most.
        anchor: Where an earlier listing stopped: its items were given then.
        partial: Whether the listing begins past page 1: what stands in front of known items is not wanted.

    Attributes:
        left: How many items may still be given.
        cut: Whether a page had more.
        missed: How many new items this pass met between two old ones, so that the passes before missed them.
    """

    def __init__(self, max_items: int | None, anchor: Anchor | None, *, partial: bool) -> None:
        self.left = math.inf if max_items is None else max_items
        self.cut = False
        self._marks = frozenset[str]() if anchor is None else anchor.marks
        self._partial = partial
        self._places: dict[str | int, int] = {}  # in the order in which the latest pass met them
        self._passes = 0

    def begin_pass(self) -> None:
        """Lists again: what was given stays given, but this pass knows only what it meets itself."""
        self._passes += 1
        self._met = set[str | int]()
        self.missed = 0
        self._between: int | None = None  # new items since the latest old one, if there was one

    @property
    def blank(self) -> bool:
        """Whether nothing is known yet."""
        return not self._met and not self._marks

    def knows(self, reading: Reading[Any]) -> bool:
        """Whether this pass, or the listing of the anchor, met an item of a reading."""
        if not self._met.isdisjoint(reading.keys):
            return True
        return bool(self._marks) and any(map(self._marked, reading.keys))

    def reach(self, reading: Reading[Any]) -> int:
        """How far into the list a reading that was given goes: the place of its last item, from 0; or -1."""
        return max((self._places[key] for key in reading.keys if key in self._met), default=-1)

    def unseen(self, reading: Reading[Any]) -> set[str | int]:
        """The ids of a reading that no pass met."""
        return {
            key
            for key in reading.keys
            if key is not None and key not in self._places and not self._marked(key)
        }

    def give(self, reading: Reading[Any]) -> list[Any]:
        """Returns the items of a reading that are still to be given, in order, and counts them as given."""
        pairs = list(zip(reading.keys, reading.items, strict=True))
        if self._partial:
            known = [key in self._met or self._marked(key) for key in reading.keys]
            pairs = pairs[known.index(True) if True in known else 0 :]
        fresh = [item for key, item in pairs if self._meet(key)]
        if len(fresh) > self.left:
            self.cut = True
            fresh = fresh[: int(self.left)]
        self.left -= len(fresh)
        return fresh

    def _meet(self, key: str | int | None) -> bool:
        """Takes note of an item; returns whether it is new."""
        if key is None:
            return self._passes == 1  # without an id, one cannot be told from another
        if key in self._met:
            return False
        new = key not in self._places and not self._marked(key)
        self._met.add(key)
        self._places[key] = len(self._met)
        if new:
            if self._between is not None:
                self._between += 1
            return True
        self.missed += self._between or 0
        self._between = 0
        return False

    def _marked(self, key: str | int | None) -> bool:
        return bool(self._marks) and key is not None and mark(key) in self._marks
