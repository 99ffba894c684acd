"""Listings, sync and async: what a caller iterates over."""

from __future__ import annotations

import logging
import time
from contextlib import aclosing
from functools import partial
from types import EllipsisType
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeAlias, TypeVar

from .checks import Fetch, read
from .options import Anchor, Options
from .reading import Envelope
from .threads import Threads
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator

    from ..exchange import Cancellation
    from .reading import E, Reading

    Taken: TypeAlias = tuple[Reading[E], list[Any], Reading[E] | Anchor | None]
    """A page, its new items, and the last page that is complete with them."""

logger = logging.getLogger("mijnklantportaal")

T = TypeVar("T")
E_co = TypeVar("E_co", bound=Envelope[object], covariant=True)


class Pace(Protocol):
    """What a listing needs to know about a portal to decide how many pages to request."""

    @property
    def concurrency(self) -> int:
        """How many requests may be in flight at the same time."""
        ...

    def remaining(self) -> int | None:
        """Returns how many requests are left in the window of the rate limit; `None` if unknown."""
        ...

    def monotonic(self) -> float:
        """Returns monotonic seconds, by the clock that measures when requests are sent."""
        ...


class _OneAtATime:
    """The pace with a generated client that is not a portal's."""

    concurrency = 1

    def remaining(self) -> int | None:
        return None

    def monotonic(self) -> float:
        return time.monotonic()


class _Listing(Generic[E_co]):
    """What the sync and the async listing share: the call, its options, and its state."""

    def __init__(
        self, call: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object], options: Options
    ) -> None:
        self._call = call
        self._args = args
        self._kwargs = kwargs
        self._options = options
        self._pace: Pace = getattr(kwargs.get("client"), "pace", None) or _OneAtATime()
        self._begin()

    def with_options(
        self,
        *,
        start_page: int | str | None = None,
        max_items: int | EllipsisType | None = ...,
        certain: bool | None = None,
    ) -> Self:
        """Returns a listing of the same operation with other options.

        Args:
            start_page: The first page; at least 1. To resume: the `anchor` of an earlier listing, or the
                `page` of its error.
            max_items: Maximum number of items to yield; `None` for all. No page is fetched beyond these.
            certain: Whether to list again from `start_page`, at most twice, until no new item turns up.

        Raises:
            ValueError: `start_page` or `max_items` is invalid.
        """
        start = Anchor.parse(start_page) if isinstance(start_page, str) else start_page
        options = Options(
            self._options.start_page if start is None else start,
            self._options.max_items if isinstance(max_items, EllipsisType) else max_items,
            self._options.certain if certain is None else certain,
        )
        return type(self)(self._call, self._args, self._kwargs, options)

    @property
    def anchor(self) -> str | None:
        """Where to resume: the `start_page` of a later listing; `None` if no page is complete.

        A page is complete when all its items have been yielded and the next one is requested; with `pages()`,
        when it has been yielded.
        """
        latest = self._latest
        return None if latest is None else str(latest if isinstance(latest, Anchor) else Anchor.of(latest))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {name_of(self._call)}, {self._options}>"

    def _begin(self) -> Walk[E_co]:
        walk = Walk[E_co](self._options)
        self.page: int | None = None
        self.shifted = False
        self.recovered = 0
        self._latest = walk.latest
        return walk

    def _wanted(self, walk: Walk[E_co], *, waiting: bool) -> list[int]:
        pace = self._pace
        return walk.wanted(pace.monotonic(), pace.concurrency, pace.remaining(), waiting=waiting)

    def _take(self, walk: Walk[E_co]) -> list[Taken[E_co]]:
        page = walk.page
        batch = walk.take()
        if walk.shifted and not self.shifted:
            logger.warning("page %s shows that rows were added or removed during the listing", page)
        self.shifted, self.recovered = walk.shifted, walk.recovered
        # Pages that were held until one was read again are complete together.
        last = len(batch) - 1
        return [(*each, walk.latest if i == last else self._latest) for i, each in enumerate(batch)]


class Listing(_Listing[E_co]):
    """A listing to iterate over: `for customer in listing`, or `for page in listing.pages()`.

    Nothing is fetched before the first item is requested, and each iteration starts from the beginning.

    Attributes:
        page: The page of the item that the latest iteration yielded last; `None` at first.
        anchor: Where to resume, even if rows have moved since: pass it as `start_page`.
        shifted: Whether rows were seen to be added or removed during the latest iteration.
        recovered: How many items the latest iteration found only by reading pages again.
    """

    def __iter__(self: Listing[Envelope[T]]) -> Iterator[T]:
        """Yields each item once, in the API's order; pages are read ahead from the second on.

        Raises:
            RequestError: A page failed: `page` says which. All items before it have been yielded.
        """
        for reading, items, latest in self._taken():
            self.page = reading.page
            yield from items
            self._latest = latest

    def pages(self) -> Iterator[E_co]:
        """Yields the generated envelopes, up to the one with the last item wanted.

        A page that was read again is yielded again if it has new items.

        Raises:
            RequestError: A page failed: `page` says which.
        """
        for reading, _, latest in self._taken():
            self.page, self._latest = reading.page, latest
            yield reading.envelope

    def _taken(self) -> Generator[Taken[E_co]]:
        walk = self._begin()
        with Threads(partial(self._fetch, walk), self._pace.concurrency) as threads:
            while (page := walk.page) is not None:
                wanted = self._wanted(walk, waiting=True)
                if wanted == [page] and threads.idle:  # no thread is needed
                    self._fetch(walk, page, threads.cancellation)
                else:
                    threads.start(wanted)
                    threads.wait(page)
                if batch := self._take(walk):
                    if wanted := self._wanted(walk, waiting=False):
                        threads.start(wanted)
                    yield from batch

    def _fetch(self, walk: Walk[E_co], page: int, cancellation: Cancellation) -> None:
        if walk.wants(page):
            with Fetch(cancellation, page=page, sent=self._pace.monotonic()) as fetch:
                envelope: E_co = self._call(*self._args, **self._kwargs, page=page)
                walk.arrived(read(fetch, envelope, self._pace.monotonic()))


class AsyncListing(_Listing[E_co]):
    """A listing to iterate over: `async for customer in listing`, or `async for page in listing.pages()`.

    Nothing is fetched before the first item is requested, and each iteration starts from the beginning.

    Attributes:
        page: The page of the item that the latest iteration yielded last; `None` at first.
        anchor: Where to resume, even if rows have moved since: pass it as `start_page`.
        shifted: Whether rows were seen to be added or removed during the latest iteration.
        recovered: How many items the latest iteration found only by reading pages again.
    """

    async def __aiter__(self: AsyncListing[Envelope[T]]) -> AsyncIterator[T]:
        """Yields each item once, in the API's order; pages are read ahead from the second on.

        Raises:
            RequestError: A page failed: `page` says which. All items before it have been yielded.
        """
        async with aclosing(self._taken()) as taken:
            async for reading, items, latest in taken:
                self.page = reading.page
                for item in items:
                    yield item
                self._latest = latest

    async def pages(self) -> AsyncIterator[E_co]:
        """Yields the generated envelopes, up to the one with the last item wanted.

        A page that was read again is yielded again if it has new items.

        Raises:
            RequestError: A page failed: `page` says which.
        """
        async with aclosing(self._taken()) as taken:
            async for reading, _, latest in taken:
                self.page, self._latest = reading.page, latest
                yield reading.envelope

    async def _taken(self) -> AsyncGenerator[Taken[E_co]]:
        from .tasks import Tasks  # noqa: PLC0415 - it imports asyncio, which a sync caller does not need

        walk = self._begin()
        async with Tasks(partial(self._fetch, walk), self._pace.concurrency) as tasks:
            while (page := walk.page) is not None:
                tasks.start(self._wanted(walk, waiting=True))
                await tasks.wait(page)
                if batch := self._take(walk):
                    if wanted := self._wanted(walk, waiting=False):
                        tasks.start(wanted)
                    for each in batch:
                        yield each

    async def _fetch(self, walk: Walk[E_co], page: int) -> None:
        if walk.wants(page):
            with Fetch(page=page, sent=self._pace.monotonic()) as fetch:
                envelope: E_co = await self._call(*self._args, **self._kwargs, page=page)
                walk.arrived(read(fetch, envelope, self._pace.monotonic()))


def name_of(call: Callable[..., object]) -> str:
    """Returns the name of a generated call, such as `list_customers.sync`."""
    module = getattr(call, "__module__", "").rpartition(".")[2]
    return f"{module}.{getattr(call, '__name__', repr(call))}"
