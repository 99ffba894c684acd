"""The rows of a list, by number, and scheduled changes to them."""

import random
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

Order = Literal["newest", "oldest", "name"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rows of a list deleted and then added, all at one moment.

    Give either `request` or `second`. A change by `second` takes effect with the first request at or after
    that moment.
    """

    remove: int = 0
    """How many rows to delete, at most."""
    add: int = 0
    """How many rows to add."""
    request: int | None = None
    """Just before this request is handled; a `ReceivedRequest.number`."""
    second: float | None = None
    """Seconds after the first request, by the sandbox's clock."""
    at: int | None = None
    """Where in the list rows are deleted and added. By default, deleted rows are drawn with `seed`, and the
    order of the list decides where new ones go."""

    of: str = "customers"
    """The name of the list; see `Sandbox`."""

    def __post_init__(self) -> None:
        if (self.request is None) == (self.second is None):
            raise ValueError("a change needs either request or second")
        if self.remove < 0 or self.add < 0 or (self.at or 0) < 0:
            raise ValueError("a change's remove, add and at must not be negative")

    def is_due(self, request: int, second: float) -> bool:
        """Tell whether the change happens before this request, at this second."""
        return request >= self.request if self.request is not None else second >= (self.second or 0)


class Rows:
    """The numbers of the rows (1 is the oldest), in the order of the list; "name" sorts by `name_of`."""

    def __init__(self, order: Order, name_of: Callable[[int], str]) -> None:
        self._order = order
        self._key = cache(name_of)
        self.born = 0
        self.numbers: list[int] = []

    def add(self, count: int, at: int | None = None) -> list[int]:
        """Add rows at this position, by default where the order puts them; return them in list order."""
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
        """Delete the rows from a position on, or random ones, and return them."""
        if isinstance(at, int):
            gone: Sequence[int] = self.numbers[at : at + count]
        else:
            gone = at.sample(self.numbers, min(count, len(self.numbers)))
        left_out = set(gone)
        self.numbers = [number for number in self.numbers if number not in left_out]
        return list(gone)
