"""One reading of a page: its content, and when it was read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from mijnklantportaal_api.types import Unset

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound="Envelope[object]")

TOGETHER = 1.0
"""Seconds that may pass between two readings that count as read together."""


class Envelope(Protocol[T_co]):
    """What every page has (upstream: pagination): the envelope of Laravel's `simplePaginate`."""

    @property
    def data(self) -> Sequence[T_co] | Unset:
        """The items of this page."""
        ...

    @property
    def next_page_url(self) -> str | Unset | None:
        """Not null if a page follows; never used as a URL."""
        ...

    @property
    def current_page(self) -> int | Unset:
        """The number of this page."""
        ...


@dataclass(slots=True, eq=False)
class Reading(Generic[E]):
    """One reading of a page.

    Attributes:
        page: The number of the page.
        envelope: The page as the generated call returned it.
        sent: When the request was sent the last time, in monotonic seconds.
        arrived: When the response arrived.
        request: The request, if known; for errors.
        keys: The ids of its items, in order; `None` for an item without one.
    """

    page: int
    envelope: E
    sent: float
    arrived: float
    request: httpx.Request | None = None
    keys: tuple[str | int | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = tuple(map(id_of, self.items))

    @property
    def items(self) -> Sequence[Any]:
        """The items of the page."""
        return cast("Sequence[Any]", self.envelope.data)

    @property
    def more(self) -> bool:
        """Whether a page follows."""
        return bool(self.envelope.next_page_url)

    def together(self, other: Reading[E]) -> bool:
        """Returns whether at most `TOGETHER` passed between two readings, not counting their requests."""
        return max(self.sent - other.arrived, other.sent - self.arrived) <= TOGETHER

    def recent(self, now: float) -> bool:
        """Returns whether a page that is requested now counts as read together with this one."""
        return now - self.arrived <= TOGETHER

    def shares(self, other: Reading[E]) -> bool:
        """Returns whether the two have an item in common."""
        return not set(self.keys).isdisjoint(other.keys)

    def repeats(self, before: Reading[E]) -> bool:
        """Returns whether an item moved here from the page before: rows were added between the readings."""
        return self.shares(before) and self.together(before) and self.arrived > before.sent

    def until(self, newer: Reading[E]) -> Self:
        """Returns this reading, as if it had arrived with a newer one."""
        return replace(self, arrived=newer.arrived)


def id_of(item: object) -> str | int | None:
    """Returns the id of an item, if it has one; the document need not describe it."""
    key = getattr(item, "id", None)
    if not isinstance(key, str | int):
        key = getattr(item, "additional_properties", {}).get("id")
    return key if isinstance(key, str | int) else None
