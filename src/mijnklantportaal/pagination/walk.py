"""Which pages to request, which to read again, when to stop, and which items are new: pure, no I/O.

If rows are deleted between the readings of two adjacent pages, the first rows of the later page move to the
earlier one, which has already been read. So a page is yielded only if it *follows* what has been yielded: it
contains an item of it, or was read together with the page before. Otherwise, the page before is read again,
and the one before that, until one contains an item that has been yielded; or, if the page itself was read too
early, it is read again. Nothing is missing between two parts of a list that have an item in common.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Generic

from ..errors import PaginationError
from .ledger import Ledger
from .options import Anchor
from .reading import E, Reading, id_of

if TYPE_CHECKING:
    from .options import Options

MOST_AHEAD = 60
"""How many pages are read ahead: as many as the rate limit allows in a minute."""
MOST_DOUBTS = 10
"""How often a page is rejected before it is yielded anyway, so that a listing always ends."""
MOST_PASSES = 3
"""How often a listing with `certain=True` lists everything, so that it always ends."""
MOST_REPEATS = 5
"""How many pages without a new item are allowed before the list is considered endless."""
MOST_EMPTY = 5_000
"""How many consecutive empty pages are allowed before the list is considered endless."""


class Walk(Generic[E]):
    """One iteration of a listing, from its first page to its last.

    Attributes:
        page: The page that is needed next; `None` if the listing is complete.
        latest: The last page that was yielded completely, or where an earlier listing stopped.
        shifted: Whether an item occurred again, or a page that was read again had different items.
        recovered: How many items were found only by reading again.
    """

    def __init__(self, options: Options) -> None:
        self.page: int | None = None
        self.shifted = False
        self.recovered = 0
        start = options.start_page
        anchor = start if isinstance(start, Anchor) else None
        self.latest: Reading[E] | Anchor | None = anchor
        self._first_page = start.page + 1 if isinstance(start, Anchor) else start
        self._ledger = Ledger(options.max_items, anchor, partial=self._first_page > 1)
        self._certain = options.certain
        self._pages_yielded = 0
        self._page_size = 1
        if self._ledger.left:
            self._begin_pass()

    def _begin_pass(self) -> None:
        self._ledger.begin_pass()
        self.page = self._first_page
        self._last = self._first_page - 1  # the last page that this pass yielded
        self._before: Reading[E] | None = None  # the latest reading of the page before `page`
        self._readings: dict[int, Reading[E]] = {}  # not yielded yet
        self._older: dict[int, Reading[E]] = {}  # of pages that are being read again
        self._end = math.inf
        self._doubts = 0
        self._added = False  # whether `_before` repeats items of the page before it
        self._reach = self._size = 0
        self._repeats = self._empty = 0

    def wanted(self, now: float, concurrency: int, left: int | None, *, waiting: bool) -> list[int]:
        """Returns the pages to fetch now: the one that is needed first, then those to read ahead.

        Pages are read in bursts and yielded from memory, so that adjacent pages are read together, however
        slow the consumer is. As many pages are read ahead as have been yielded, so that a `break` wastes few
        requests; but no more than the window of the rate limit allows, so that its wait separates few pages,
        and none after the last.

        Args:
            now: Monotonic seconds.
            concurrency: How many requests may be in flight at the same time; with 1, nothing is read ahead.
            left: How many requests are left in the window; `None` if unknown.
            waiting: Whether the consumer waits for the page, or is busy with earlier ones.
        """
        page, before = self.page, self._before
        if page is None:
            return []
        ahead = 0
        if concurrency > 1 and page not in self._older and before is not None and before.recent(now):
            ahead = min(self._pages_yielded, MOST_AHEAD)
        if not waiting and (not ahead or self._pages_yielded == 1):
            return []
        last = math.ceil(min(page + ahead, self._end, page - 1 + self._ledger.left / self._page_size))
        pages = [each for each in range(page, max(page, last) + 1) if each not in self._readings]
        needed = page not in self._readings
        return pages[: None if left is None else max(needed, left)]

    def wants(self, page: int) -> bool:
        """Returns whether a page is still wanted: it is not known to be after the last one."""
        return page <= self._end

    def arrived(self, reading: Reading[E]) -> None:
        """Records a reading. Readings may arrive in any order and in any thread."""
        self._readings[reading.page] = reading
        if not reading.more:
            self._end = min(self._end, reading.page)
        elif reading.page >= self._end:
            self._end = math.inf

    def take(self) -> list[tuple[Reading[E], list[Any]]]:
        """Checks the page that is needed, if it has arrived, and moves on to the next.

        Returns:
            What to yield: pages, each with its new items in order; none if a page must be read first.

        Raises:
            PaginationError: The list does not end.
        """
        if self.page is None or (reading := self._readings.pop(self.page, None)) is None:
            return []
        known = self._ledger.knows(reading)
        if known or self._follows(reading):
            return self._accept(reading, known=known)
        before, self._before = self._before, None
        if before is not None:
            self._doubts += 1
        later = before is None or reading.sent > before.arrived
        if later:  # what is missing is on the page before
            self._readings[reading.page] = reading
            self.page = reading.page - 1
            if before is not None:
                self._older.setdefault(before.page, before)
        else:  # it was read too early
            self._older.setdefault(reading.page, reading)
            self._before = before
        self._readings.pop(self.page, None)
        return []

    def _follows(self, reading: Reading[E]) -> bool:
        """Returns whether nothing can be missing between what was yielded and this reading of new items."""
        before = self._before
        if reading.page == 1 or self._ledger.blank or None in reading.keys:
            return True
        if not reading.keys and reading.more:
            return True  # an empty page among others proves nothing
        if before is None:
            return False
        if self._doubts == MOST_DOUBTS:
            return True
        missing = not reading.keys  # although the page before has a next page
        overtaken = self._added and reading.sent < before.arrived
        return reading.together(before) and not missing and not overtaken

    def _accept(self, reading: Reading[E], *, known: bool) -> list[tuple[Reading[E], list[Any]]]:
        """Yields a reading, and an older one of the same page if they have an item in common."""
        first, passes = reading.page > self._last, self._ledger.passes
        older = self._older.pop(reading.page, None)
        if older is not None:
            self.shifted |= older.keys != reading.keys
        elif first:
            self.shifted |= known
        self._added = known and self._before is not None and reading.repeats(self._before)
        fresh = self._ledger.take(reading)
        if not first or older is not None or passes > 1:
            on_older = () if older is None else older.keys
            self.recovered += sum(id_of(item) not in on_older for item in fresh)
        given = [(reading, fresh)] if fresh or (first and passes == 1) else []
        self._before = reading
        if older is not None and older.shares(reading):
            rest = self._ledger.take(older)
            given += [(older, rest)] if rest else []
            self._before = older.until(reading)
        following = self._readings.get(reading.page + 1)
        if following is not None and following.arrived < reading.arrived and following.together(reading):
            self._readings[following.page] = following.until(reading)  # no time has passed in between
        if first:
            self._advance(reading)
        if not self._ledger.left:
            self.page = None
        elif reading.more:
            self.page = reading.page + 1
        elif self._certain and passes < MOST_PASSES and (passes == 1 or self._ledger.missed):
            self._begin_pass()
        else:
            self.page = None
        return given

    def _advance(self, reading: Reading[E]) -> None:
        """Records a page that this pass had not yielded before."""
        self._last = reading.page
        self._pages_yielded += 1
        self._page_size = max(self._page_size, len(reading.keys))
        self._doubts = 0
        self._empty = 0 if reading.keys else self._empty + 1
        if reading.keys.count(None) < len(reading.keys):
            self.latest = self.latest if self._ledger.cut else reading
            reach, before = self._ledger.reach(reading), self._reach
            self._repeats = 0 if self._ledger.size > self._size else self._repeats + (reach <= before)
            self._reach, self._size = reach, self._ledger.size
        if reading.more and (self._repeats == MOST_REPEATS or self._empty == MOST_EMPTY):
            what = "has only empty pages" if self._empty else "repeats itself"
            raise PaginationError(
                f"the list {what} and does not end",
                request=reading.request,
                page=reading.page,
                next_step="Use what it has yielded, and report this to the operator of the API",
            )
