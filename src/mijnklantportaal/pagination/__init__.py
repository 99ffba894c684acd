"""Every item of a paginated operation, once each, page by page.

`paginate(list_customers.sync, client=portal.client)` works on any generated list operation. What to ask for
and when to stop is decided by `Walk`, which does no I/O; `Listing` and `AsyncListing` drive it.
"""

from __future__ import annotations

import inspect
import logging
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, Self, TypeVar, runtime_checkable

from .answer import asking_for, check_page
from .threads import Threads
from .walk import Envelope, Options, Walk

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator

    from ..exchange import Cancellation

__all__ = ["AsyncListing", "Envelope", "Listing", "apaginate", "paginate"]

logger = logging.getLogger("mijnklantportaal")

T = TypeVar("T")
P = ParamSpec("P")
E_co = TypeVar("E_co", bound=Envelope[object], covariant=True)


@runtime_checkable
class _HasCapacity(Protocol):
    """A client that says how many requests it makes sense to have under way at once."""

    def capacity(self) -> int: ...


class _Listing(Generic[E_co]):
    """What the sync and the async listing share: the call, its options, and what is known on the way."""

    def __init__(
        self, call: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object], options: Options
    ) -> None:
        self._call = call
        self._args = args
        self._kwargs = kwargs
        self._options = options
        self._capacity = _capacity(kwargs.get("client"))
        self.page: int | None = None
        self.shifted = False

    def with_options(self, *, start_page: int | None = None, max_items: int | None = None) -> Self:
        """Another listing of the same operation; what is not given stays as it is.

        Args:
            start_page: The first page to ask for, from 1. To resume: the `page` of the error.
            max_items: How many items to give at most. No page is fetched for more than these.

        Raises:
            ValueError: A number that makes no sense.
        """
        options = Options(
            self._options.start_page if start_page is None else start_page,
            self._options.max_items if max_items is None else max_items,
        )
        return type(self)(self._call, self._args, self._kwargs, options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {_name(self._call)}, {self._options}>"

    def _accept(self, walk: Walk, page: int, envelope: Envelope[object]) -> list[Any]:
        shifted = walk.shifted
        items = walk.accept(page, envelope)
        self.page = page
        if walk.shifted and not shifted:
            self.shifted = True
            logger.warning("page %d repeats items: rows were added or removed while they were listed", page)
        return items


class Listing(_Listing[E_co]):
    """A listing to iterate over: `for customer in listing`, or `for page in listing.pages()`.

    Nothing is fetched before the first item is asked for, and each iteration starts afresh.

    Attributes:
        page: The page of the item that the latest iteration gave last, where to resume; `None` at first.
        shifted: Whether an iteration met an item again, so that rows were added or removed meanwhile.
    """

    def __iter__(self: Listing[Envelope[T]]) -> Iterator[T]:
        """Yields each item once, in the API's order; pages are read ahead once the second is wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which. All items before it were delivered.
        """
        for _, items in self._answers():
            yield from items

    def pages(self) -> Iterator[E_co]:
        """Yields the generated envelopes, whole, up to the one that holds the last item wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which.
        """
        for envelope, _ in self._answers():
            yield envelope

    def _answers(self) -> Iterator[tuple[E_co, list[Any]]]:
        walk = Walk(self._options)
        with Threads(partial(self._fetch, walk)) as threads:
            while (page := walk.page) is not None:
                asked = walk.to_ask(self._capacity())
                if asked == range(page, page + 1):  # nothing to read ahead, so no thread is needed
                    envelope = self._fetch(walk, page, None)
                else:
                    for each in asked:
                        threads.start(each)
                    envelope = threads.result(page)
                yield envelope, self._accept(walk, page, envelope)

    def _fetch(self, walk: Walk, page: int, cancellation: Cancellation | None) -> E_co:
        with asking_for(page, cancellation) as exchange:
            envelope: E_co = self._call(*self._args, **self._kwargs, page=page)
            check_page(page, envelope, exchange)
            walk.arrived(page, envelope)
            return envelope


class AsyncListing(_Listing[E_co]):
    """A listing to iterate over: `async for customer in listing`, or `async for page in listing.pages()`.

    Nothing is fetched before the first item is asked for, and each iteration starts afresh.

    Attributes:
        page: The page of the item that the latest iteration gave last, where to resume; `None` at first.
        shifted: Whether an iteration met an item again, so that rows were added or removed meanwhile.
    """

    async def __aiter__(self: AsyncListing[Envelope[T]]) -> AsyncIterator[T]:
        """Yields each item once, in the API's order; pages are read ahead once the second is wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which. All items before it were delivered.
        """
        async with aclosing(self._answers()) as answers:
            async for _, items in answers:
                for item in items:
                    yield item

    async def pages(self) -> AsyncIterator[E_co]:
        """Yields the generated envelopes, whole, up to the one that holds the last item wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which.
        """
        async with aclosing(self._answers()) as answers:
            async for envelope, _ in answers:
                yield envelope

    async def _answers(self) -> AsyncGenerator[tuple[E_co, list[Any]], None]:
        import asyncio  # noqa: PLC0415 - a sync caller need not wait for it

        walk = Walk(self._options)
        tasks: dict[int, asyncio.Task[E_co]] = {}
        try:
            while (page := walk.page) is not None:
                for each in walk.to_ask(self._capacity()):
                    tasks[each] = asyncio.create_task(self._fetch(walk, each))
                envelope = await tasks.pop(page)
                yield envelope, self._accept(walk, page, envelope)
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _fetch(self, walk: Walk, page: int) -> E_co:
        with asking_for(page, None) as exchange:
            envelope: E_co = await self._call(*self._args, **self._kwargs, page=page)
            check_page(page, envelope, exchange)
            walk.arrived(page, envelope)
            return envelope


def paginate(call: Callable[P, E_co | None], *args: P.args, **kwargs: P.kwargs) -> Listing[E_co]:
    """Lists a generated operation: every item of every page.

    Args:
        call: The `sync` function of a generated list operation.
        *args: Its own positional arguments, such as an id in the path.
        **kwargs: Its own keyword arguments: `client=portal.client`, and filters if it has any; never `page`.

    Returns:
        A `Listing`; its `with_options` says where to start and how much to give.

    Raises:
        TypeError: `page` was given, or the operation has none.
    """
    _check(call, kwargs, listing="paginate", asynchronous=False)
    return Listing(call, args, kwargs, Options())


def apaginate(
    call: Callable[P, Awaitable[E_co | None]], *args: P.args, **kwargs: P.kwargs
) -> AsyncListing[E_co]:
    """Lists a generated operation asynchronously: every item of every page.

    Args:
        call: The `asyncio` function of a generated list operation.
        *args: Its own positional arguments, such as an id in the path.
        **kwargs: Its own keyword arguments: `client=portal.client`, and filters if it has any; never `page`.

    Returns:
        An `AsyncListing`; its `with_options` says where to start and how much to give.

    Raises:
        TypeError: `page` was given, or the operation has none.
    """
    _check(call, kwargs, listing="apaginate", asynchronous=True)
    return AsyncListing(call, args, kwargs, Options())


def _check(
    call: Callable[..., object], kwargs: dict[str, object], *, listing: str, asynchronous: bool
) -> None:
    if inspect.iscoroutinefunction(call) != asynchronous:
        raise TypeError(
            f"{listing} wants the `{'asyncio' if asynchronous else 'sync'}` function of a list operation, "
            f"not {_name(call)}"
        )
    if "page" in kwargs:
        raise TypeError(
            f"page= is the listing's own; to start at page 3, write {listing}(…).with_options(start_page=3)"
        )
    parameters = inspect.signature(call).parameters.values()
    if not any(p.name == "page" or p.kind is p.VAR_KEYWORD for p in parameters):
        raise TypeError(f"{_name(call)} takes no page: it is not a paginated operation")


def _capacity(client: object) -> Callable[[], int]:
    """How many pages may be under way: what a portal's client says; with a plain generated one, 1."""
    return client.capacity if isinstance(client, _HasCapacity) else lambda: 1


def _name(call: Callable[..., object]) -> str:
    """How the caller wrote it, as good as can be: `list_customers.sync`."""
    module = getattr(call, "__module__", "").rpartition(".")[2]
    return f"{module}.{getattr(call, '__name__', repr(call))}"
