"""One answer of a listing: a page as it was at one instant, and when that was."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mijnklantportaal_api.types import Unset

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound="Envelope[object]")

TOGETHER = 1.0
"""Seconds that may pass idle between two readings that are taken for parts of one list."""


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


@dataclass(frozen=True)
class Reading(Generic[E]):
    """One answer.

    Attributes:
        page: The number of the page.
        envelope: The page itself.
        sent: When its last attempt was sent, in monotonic seconds.
        arrived: When it arrived.
        keys: The ids of its items, in order; `None` for an item without one.
    """

    page: int
    envelope: E
    sent: float
    arrived: float
    keys: tuple[str | int | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(_key(item) for item in self.items))

    @property
    def items(self) -> Sequence[Any]:
        """The items of the page."""
        return cast("Sequence[Any]", self.envelope.data)

    @property
    def more(self) -> bool:
        """Whether a page follows."""
        return bool(self.envelope.next_page_url)

    def together(self, other: Reading[E]) -> bool:
        """Whether hardly any time passed between the two; how long an answer took does not count."""
        return max(self.sent - other.arrived, other.sent - self.arrived) <= TOGETHER

    def recent(self, now: float) -> bool:
        """Whether a page that is asked for now will be together with it."""
        return now - self.arrived <= TOGETHER

    def shares(self, other: Reading[E]) -> bool:
        """Whether an item is on both."""
        return not set(self.keys).isdisjoint(other.keys)

    def repeats(self, before: Reading[E]) -> bool:
        """Whether an item was pushed onto it from the page before: something was added between the two."""
        return self.shares(before) and self.together(before) and self.arrived > before.sent

    def until(self, newer: Reading[E]) -> Self:
        """This reading as one that lasted until a newer one of the same page."""
        return replace(self, arrived=newer.arrived)


def _key(item: object) -> str | int | None:
    key = getattr(item, "id", None)
    return key if isinstance(key, str | int) else None
