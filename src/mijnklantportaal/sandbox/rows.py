"""The rows of one list, which come and go: pure, and lazy: a row is a number until it is shown."""

import random
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

Order = Literal["newest", "oldest", "name"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rows of a list deleted and added at one moment, all at once: the deletions first.

    Name the moment by `request` or by `second`, not by both. By `second`, the change shows from the first
    request at or after that moment: between two requests nobody can see the list.
    """

    remove: int = 0
    """How many are deleted; all of them, if there are no more."""
    add: int = 0
    """How many are added."""
    request: int | None = None
    """Just before this request is answered; counts every request, as `ReceivedRequest.number` does."""
    second: float | None = None
    """So many seconds after the first request, by the sandbox's clock."""
    at: int | None = None
    """The position in the list of what is deleted and added. Left out: `seed` draws who is deleted, and the
    order of the list decides where the new ones stand."""

    of: str = "customers"
    """The list: see `Sandbox`."""

    def __post_init__(self) -> None:
        if (self.request is None) == (self.second is None):
            raise ValueError("a change has a request or a second, one of the two")
        if self.remove < 0 or self.add < 0 or (self.at or 0) < 0:
            raise ValueError("a change's remove, add and at must not be negative")

    def is_due(self, request: int, second: float) -> bool:
        """Tell whether the change has happened when this request is answered."""
        return request >= self.request if self.request is not None else second >= (self.second or 0)


class Rows:
    """The rows in the order of the list: 1 is the oldest. `name_of` tells by what the order "name" sorts."""

    def __init__(self, order: Order, name_of: Callable[[int], str]) -> None:
        self._order = order
        self._key = cache(name_of)
        self.born = 0
        self.numbers: list[int] = []

    def add(self, count: int, at: int | None = None) -> list[int]:
        """Add new rows at this position, or where the order puts them; give them in the list's order."""
        new = list(range(self.born + 1, self.born + count + 1))
        self.born += count
        if self._order == "newest":
            new.reverse()
        if at is not None or self._order != "name":
            at = at if at is not None else 0 if self._order == "newest" else len(self.numbers)
            self.numbers[at:at] = new
            return new
        for number in new:
            insort(self.numbers, number, key=self._key)
        return sorted(new, key=self._key)

    def remove(self, count: int, at: int | random.Random = 0) -> list[int]:
        """Delete the rows from a position on, or drawn ones, and give them."""
        if isinstance(at, int):
            gone: Sequence[int] = self.numbers[at : at + count]
        else:
            gone = at.sample(self.numbers, min(count, len(self.numbers)))
        left_out = set(gone)
        self.numbers = [number for number in self.numbers if number not in left_out]
        return list(gone)
