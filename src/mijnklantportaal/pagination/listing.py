"""Listings: what a caller iterates over, sync and async."""

from __future__ import annotations

import logging
import time
from contextlib import aclosing
from functools import partial
from types import EllipsisType
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from .answer import asking_for, read
from .options import Anchor, Options
from .reading import Envelope
from .threads import Threads
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator

    from ..exchange import Cancellation
    from .reading import E, Reading

    _Given: TypeAlias = tuple[list[tuple[Reading[E], list[Any]]], Reading[E] | Anchor | None]
    """Pages with their new items, and the latest page that was given whole by then."""

logger = logging.getLogger("mijnklantportaal")

T = TypeVar("T")
E_co = TypeVar("E_co", bound=Envelope[object], covariant=True)


@runtime_checkable
class _PortalClient(Protocol):
    """What a listing asks the client of a portal."""

    def capacity(self) -> int:
        """How many requests may be in flight at once."""
        ...

    def remaining(self) -> int | None:
        """How many requests are left of the rate limit's window, as far as is known."""
        ...

    def monotonic(self) -> float:
        """The time, by the clock that tells when requests are sent."""
        ...


class _PlainClient:
    """What is true of a client that was generated and is not a portal's."""

    def capacity(self) -> int:
        return 1

    def remaining(self) -> int | None:
        return None

    def monotonic(self) -> float:
        return time.monotonic()


class _Listing(Generic[E_co]):
    """What the sync and the async listing share: the call, its options, and what is known on the way."""

    def __init__(
        self, call: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object], options: Options
    ) -> None:
        self._call = call
        self._args = args
        self._kwargs = kwargs
        self._options = options
        client = kwargs.get("client")
        self._client: _PortalClient = client if isinstance(client, _PortalClient) else _PlainClient()
        self._begin()

    def with_options(
        self,
        *,
        start_page: int | str | None = None,
        max_items: int | EllipsisType | None = ...,
        certain: bool | None = None,
    ) -> Self:
        """Another listing of the same operation; what is not given stays as it is.

        Args:
            start_page: The first page to ask for, from 1. To resume: the `anchor` of an earlier listing, or
                the `page` of its error.
            max_items: How many items to give at most; `None` for all. No page is fetched for more than these.
            certain: Whether to list again until nobody turns up who was missed, three times at most.

        Raises:
            ValueError: A number or an anchor that makes no sense.
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
        """Where to go on: the `start_page` of a later listing. `None` before a page was given.

        It covers the pages whose items were all given and the next item asked for; of `pages()`, all given.
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
        client = self._client
        return walk.wanted(client.monotonic(), client.capacity(), client.remaining(), waiting=waiting)

    def _take(self, walk: Walk[E_co]) -> list[tuple[Reading[E_co], list[Any]]]:
        page = walk.page
        given = walk.take()
        if walk.shifted and not self.shifted:
            logger.warning("page %s shows that rows were added or removed while they were listed", page)
        self.shifted, self.recovered = walk.shifted, walk.recovered
        return given


class Listing(_Listing[E_co]):
    """A listing to iterate over: `for customer in listing`, or `for page in listing.pages()`.

    Nothing is fetched before the first item is asked for, and each iteration starts afresh.

    Attributes:
        page: The page of the item that the latest iteration gave last; `None` at first.
        anchor: Where to go on later, as a `start_page` that also shows where the rows are by then.
        shifted: Whether rows were seen to come or go while the latest iteration listed them.
        recovered: How many items the latest iteration met only by reading pages again.
    """

    def __iter__(self: Listing[Envelope[T]]) -> Iterator[T]:
        """Yields each item once, in the API's order; pages are read ahead once the second is wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which. All items before it were delivered.
        """
        for given, latest in self._answers():
            for reading, items in given:
                self.page = reading.page
                yield from items
            self._latest = latest

    def pages(self) -> Iterator[E_co]:
        """Yields the generated envelopes, whole, up to the one that holds the last item wanted.

        A page that was read again is given once more if it holds items that were not given yet.

        Raises:
            RequestError: A page could not be had; its `page` says which.
        """
        for given, latest in self._answers():
            for number, (reading, _) in enumerate(given, 1):
                self.page = reading.page
                if number == len(given):
                    self._latest = latest
                yield reading.envelope

    def _answers(self) -> Generator[_Given[E_co]]:
        walk = self._begin()
        with Threads(partial(self._fetch, walk)) as threads:
            while (page := walk.page) is not None:
                wanted = self._wanted(walk, waiting=True)
                if wanted == [page] and threads.idle:  # nothing to read ahead, so no thread is needed
                    self._fetch(walk, page, None)
                else:
                    threads.start(wanted, self._client.capacity())
                    threads.wait(page)
                if given := self._take(walk):
                    threads.start(self._wanted(walk, waiting=False), self._client.capacity())
                    yield given, walk.latest

    def _fetch(self, walk: Walk[E_co], page: int, cancellation: Cancellation | None) -> None:
        if walk.wants(page):
            with asking_for(page, cancellation) as exchange:
                begun = self._client.monotonic()
                envelope: E_co = self._call(*self._args, **self._kwargs, page=page)
                ended = self._client.monotonic()
                walk.arrived(read(page, envelope, exchange, begun=begun, ended=ended))


class AsyncListing(_Listing[E_co]):
    """A listing to iterate over: `async for customer in listing`, or `async for page in listing.pages()`.

    Nothing is fetched before the first item is asked for, and each iteration starts afresh.

    Attributes:
        page: The page of the item that the latest iteration gave last; `None` at first.
        anchor: Where to go on later, as a `start_page` that also shows where the rows are by then.
        shifted: Whether rows were seen to come or go while the latest iteration listed them.
        recovered: How many items the latest iteration met only by reading pages again.
    """

    async def __aiter__(self: AsyncListing[Envelope[T]]) -> AsyncIterator[T]:
        """Yields each item once, in the API's order; pages are read ahead once the second is wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which. All items before it were delivered.
        """
        async with aclosing(self._answers()) as answers:
            async for given, latest in answers:
                for reading, items in given:
                    self.page = reading.page
                    for item in items:
                        yield item
                self._latest = latest

    async def pages(self) -> AsyncIterator[E_co]:
        """Yields the generated envelopes, whole, up to the one that holds the last item wanted.

        A page that was read again is given once more if it holds items that were not given yet.

        Raises:
            RequestError: A page could not be had; its `page` says which.
        """
        async with aclosing(self._answers()) as answers:
            async for given, latest in answers:
                for number, (reading, _) in enumerate(given, 1):
                    self.page = reading.page
                    if number == len(given):
                        self._latest = latest
                    yield reading.envelope

    async def _answers(self) -> AsyncGenerator[_Given[E_co]]:
        from .tasks import Tasks  # noqa: PLC0415 - it brings asyncio, which a sync caller need not wait for

        walk = self._begin()
        async with Tasks(partial(self._fetch, walk)) as tasks:
            while (page := walk.page) is not None:
                tasks.start(self._wanted(walk, waiting=True), self._client.capacity())
                await tasks.wait(page)
                if given := self._take(walk):
                    tasks.start(self._wanted(walk, waiting=False), self._client.capacity())
                    yield given, walk.latest

    async def _fetch(self, walk: Walk[E_co], page: int) -> None:
        if walk.wants(page):
            with asking_for(page, None) as exchange:
                begun = self._client.monotonic()
                envelope: E_co = await self._call(*self._args, **self._kwargs, page=page)
                ended = self._client.monotonic()
                walk.arrived(read(page, envelope, exchange, begun=begun, ended=ended))


def name_of(call: Callable[..., object]) -> str:
    """How the caller wrote it, as good as can be: `list_customers.sync`."""
    module = getattr(call, "__module__", "").rpartition(".")[2]
    return f"{module}.{getattr(call, '__name__', repr(call))}"
