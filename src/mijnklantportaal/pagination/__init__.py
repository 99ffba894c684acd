"""Lists the items of any paginated operation: `paginate(list_customers.sync, client=portal.client)`.

`Walk` decides which page to request next, which to read again, and when to stop; it does no I/O. A `Listing`
drives it.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from .listing import AsyncListing, Listing, name_of
from .options import Options
from .reading import Envelope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["AsyncListing", "Envelope", "Listing", "apaginate", "paginate"]

P = ParamSpec("P")
E_co = TypeVar("E_co", bound=Envelope[object], covariant=True)


def paginate(call: Callable[P, E_co | None], *args: P.args, **kwargs: P.kwargs) -> Listing[E_co]:
    """Lists all items of a generated list operation.

    Args:
        call: The `sync` function of a generated list operation.
        *args: Its own positional arguments, such as an id in the path.
        **kwargs: Its own keyword arguments: `client=portal.client` and filters, but not `page`.

    Returns:
        A `Listing`; use its `with_options` to set where it starts and how much it yields.

    Raises:
        TypeError: `page` was given, or the operation is not paginated.
    """
    _check(call, kwargs, listing="paginate", asynchronous=False)
    return Listing(call, args, kwargs, Options())


def apaginate(
    call: Callable[P, Awaitable[E_co | None]], *args: P.args, **kwargs: P.kwargs
) -> AsyncListing[E_co]:
    """Lists all items of a generated list operation, asynchronously.

    Args:
        call: The `asyncio` function of a generated list operation.
        *args: Its own positional arguments, such as an id in the path.
        **kwargs: Its own keyword arguments: `client=portal.client` and filters, but not `page`.

    Returns:
        An `AsyncListing`; use its `with_options` to set where it starts and how much it yields.

    Raises:
        TypeError: `page` was given, or the operation is not paginated.
    """
    _check(call, kwargs, listing="apaginate", asynchronous=True)
    return AsyncListing(call, args, kwargs, Options())


def _check(
    call: Callable[..., object], kwargs: dict[str, object], *, listing: str, asynchronous: bool
) -> None:
    if not callable(call) or inspect.iscoroutinefunction(call) != asynchronous:
        raise TypeError(
            f"{listing} takes the `{'asyncio' if asynchronous else 'sync'}` function of a list operation, "
            f"not {name_of(call) if callable(call) else type(call).__name__}"
        )
    client = kwargs.get("client")
    if hasattr(client, "client"):
        raise TypeError(f"client= is a {type(client).__name__}; pass its client: client=portal.client")
    if "page" in kwargs:
        raise TypeError(
            f"page= is set by the listing; to start at page 3, use {listing}(…).with_options(start_page=3)"
        )
    parameters = inspect.signature(call).parameters.values()
    if not any(p.name == "page" or p.kind is p.VAR_KEYWORD for p in parameters):
        raise TypeError(f"{name_of(call)} has no parameter page: it is not a paginated operation")
