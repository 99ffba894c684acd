"""Which customers are wanted: pure. The API itself cannot filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .dates import in_amsterdam

if TYPE_CHECKING:
    from datetime import datetime

    from mijnklantportaal import Customer


@dataclass(frozen=True)
class Filter:
    """What a customer must have; a field that the API left out matches nothing that is asked of it."""

    groups: frozenset[str] = frozenset()
    integration: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def keeps_all(self) -> bool:
        """Whether nothing is asked."""
        return self == Filter()

    def keeps(self, customer: Customer) -> bool:
        """Whether the customer has what is asked."""
        if self.groups and self.groups.isdisjoint(customer.customer_groups or ()):
            return False
        if self.integration is not None and customer.integration != self.integration:
            return False
        if self.since is None and self.until is None:
            return True
        if not customer.created_at:
            return False
        created = in_amsterdam(customer.created_at)
        return not ((self.since and created < self.since) or (self.until and created > self.until))
