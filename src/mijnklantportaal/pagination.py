"""Every item of a paginated operation, once each, page by page.

`paginate(list_customers.sync, client=portal.client)` works on any generated list operation. What to ask for
and when to stop is decided by `Walk`, which does no I/O; `Listing` and `AsyncListing` drive it.
"""

from __future__ import annotations

import inspect
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, Self, TypeVar, cast

from .errors import ContractError, Exchange, PaginationError, RequestError, recorded_exchange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence

    from mijnklantportaal_api.types import Unset

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P = ParamSpec("P")


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


E_co = TypeVar("E_co", bound=Envelope[object], covariant=True)


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
    """Decides which page comes next and which of its items are new; does no I/O.

    Attributes:
        page: The page to ask for now; `None` when the listing is complete.
        shifted: Whether an item came again: rows were added or removed meanwhile.
    """

    def __init__(self, options: Options) -> None:
        self.page: int | None = None if options.max_items == 0 else options.start_page
        self.shifted = False
        self._left = options.max_items
        self._seen: set[object] = set()

    def accept(self, page: int, envelope: Envelope[T]) -> list[T]:
        """Takes the answer for `page`, moves on, and returns the items to deliver."""
        if envelope.current_page != page:
            raise PaginationError(f"the API answered page {envelope.current_page!r}")
        fresh = [item for item in _items(envelope) if self._is_new(item)]
        if self._left is not None:
            fresh = fresh[: self._left]
            self._left -= len(fresh)
        self.page = None if self._left == 0 or not _has_next(envelope) else page + 1
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


def _items(envelope: Envelope[T]) -> Sequence[T]:
    if not isinstance(envelope.data, list):
        raise ContractError("`data` is not an array")
    return envelope.data


def _has_next(envelope: Envelope[object]) -> bool:
    following = envelope.next_page_url
    if following is None or isinstance(following, str):
        return bool(following)
    raise ContractError("`next_page_url` is neither a string nor null")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


class _Listing(Generic[E_co]):
    """What the sync and the async listing share: the call, its options, and what its answers mean."""

    def __init__(
        self, call: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object], options: Options
    ) -> None:
        self._call = call
        self._args = args
        self._kwargs = kwargs
        self._options = options
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

    def _accept(self, walk: Walk, page: int, answer: object, exchange: Exchange) -> tuple[E_co, list[Any]]:
        envelope = cast("E_co", _envelope(answer, exchange))
        items = walk.accept(page, envelope)
        self.shifted |= walk.shifted
        return envelope, items


class Listing(_Listing[E_co]):
    """A listing to iterate over: `for customer in listing`, or `for page in listing.pages()`.

    Nothing is fetched before the first item is asked for, and each iteration starts afresh.

    Attributes:
        shifted: Whether an iteration met an item again, so that rows were added or removed meanwhile.
    """

    def __iter__(self: Listing[Envelope[T]]) -> Iterator[T]:
        """Yields each item once, in the API's order, fetching a page when its first item is asked for.

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
        while (page := walk.page) is not None:
            with _asking_for(page) as exchange:
                answer = self._call(*self._args, **self._kwargs, page=page)
                accepted = self._accept(walk, page, answer, exchange)
            yield accepted


class AsyncListing(_Listing[E_co]):
    """A listing to iterate over: `async for customer in listing`, or `async for page in listing.pages()`.

    Nothing is fetched before the first item is asked for, and each iteration starts afresh.

    Attributes:
        shifted: Whether an iteration met an item again, so that rows were added or removed meanwhile.
    """

    async def __aiter__(self: AsyncListing[Envelope[T]]) -> AsyncIterator[T]:
        """Yields each item once, in the API's order, fetching a page when its first item is asked for.

        Raises:
            RequestError: A page could not be had; its `page` says which. All items before it were delivered.
        """
        async for _, items in self._answers():
            for item in items:
                yield item

    async def pages(self) -> AsyncIterator[E_co]:
        """Yields the generated envelopes, whole, up to the one that holds the last item wanted.

        Raises:
            RequestError: A page could not be had; its `page` says which.
        """
        async for envelope, _ in self._answers():
            yield envelope

    async def _answers(self) -> AsyncIterator[tuple[E_co, list[Any]]]:
        walk = Walk(self._options)
        while (page := walk.page) is not None:
            with _asking_for(page) as exchange:
                answer = await self._call(*self._args, **self._kwargs, page=page)
                accepted = self._accept(walk, page, answer, exchange)
            yield accepted


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


def _name(call: Callable[..., object]) -> str:
    """How the caller wrote it, as good as can be: `list_customers.sync`."""
    module = getattr(call, "__module__", "").rpartition(".")[2]
    return f"{module}.{getattr(call, '__name__', repr(call))}"


@contextmanager
def _asking_for(page: int) -> Generator[Exchange]:
    """Every failure within it becomes an error that knows the page; never with a value of the answer."""
    with recorded_exchange() as exchange:
        try:
            yield exchange
        except RequestError as error:
            error.page = page
            error.request = error.request or exchange.request
            error.response = error.response if error.response is not None else exchange.response
            raise
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            if exchange.response is None:  # not the answer's fault: it never came, or not through a portal
                raise
            # From None, because the text of the cause can quote the answer.
            raise ContractError(
                _unreadable(error), request=exchange.request, response=exchange.response, page=page
            ) from None


def _unreadable(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the answer lacks {error.args[0]!r}"
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "the answer is not JSON: cut short, or broken"
    return f"the answer is not of the form that the document describes ({type(error).__name__})"


def _envelope(answer: object, exchange: Exchange) -> object:
    """The answer of the generated call, if it is a page; an empty one is compared with what was sent."""
    if answer is None:
        raise ContractError("the answer has a status or form that the document does not describe")
    if not hasattr(answer, "next_page_url"):
        raise ContractError("the answer is not a page; was a list operation's `sync` or `asyncio` given?")
    # The generated parser reads an empty object or string as an empty array, so look at what was sent.
    if getattr(answer, "data", None) or exchange.response is None:
        return answer
    if not isinstance(exchange.response.json()["data"], list):
        raise ContractError("`data` is not an array")
    return answer
