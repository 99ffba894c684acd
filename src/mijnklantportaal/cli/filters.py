"""Filters of customers, because the API cannot filter. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .dates import in_amsterdam

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Filter:
    """What a customer must have; a missing field matches nothing."""

    groups: tuple[str, ...] = ()
    integration: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def keeps_all(self) -> bool:
        """Whether there is no condition."""
        return self == Filter()

    def keeps(self, customer: Mapping[str, Any]) -> bool:
        """Whether the customer meets all conditions."""
        if self.groups and set(self.groups).isdisjoint(customer.get("customerGroups") or ()):
            return False
        if self.integration is not None and customer.get("integration") != self.integration:
            return False
        if self.since is None and self.until is None:
            return True
        try:
            created = in_amsterdam(datetime.fromisoformat(customer.get("createdAt") or ""))
        except (TypeError, ValueError):
            return False
        return not ((self.since and created < self.since) or (self.until and created > self.until))
