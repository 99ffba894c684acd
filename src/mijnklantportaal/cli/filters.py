"""Filters of customers, because the API cannot filter, and dates as people write them. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from dateutil import parser

Period: TypeAlias = tuple[datetime, datetime]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MONTHS = "januari februari maart/mrt april mei juni juli augustus september oktober/okt november december"
_DAYS = "ma di wo do vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"


class _Words(parser.parserinfo):
    MONTHS: Any = [  # the stubs allow three names at most
        (*english, *dutch.split("/"))
        for english, dutch in zip(parser.parserinfo.MONTHS, _MONTHS.split(), strict=True)
    ]
    # The name of a day is skipped: on its own, it would mean some day of some week.
    WEEKDAYS = []
    JUMP = [*parser.parserinfo.JUMP, *_DAYS.split(), *chain(*parser.parserinfo.WEEKDAYS)]


@dataclass(frozen=True)
class Filter:
    """Conditions that a customer must meet, with both periods included; a missing field meets none."""

    groups: tuple[str, ...] = ()
    integration: str | None = None
    since: Period | None = None
    until: Period | None = None

    def keeps(self, customer: Mapping[str, Any]) -> bool:
        """Returns whether the customer meets all conditions."""
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
        return not ((self.since and created < self.since[0]) or (self.until and created > self.until[1]))


def period(text: str, now: datetime) -> Period:
    """Returns the first and the last moment of a day, month or year: `2024-04-01`, `apr 2024`, `2024`.

    A date without a year is in this year, and one without a zone in Amsterdam's time. An ambiguous date is
    day-first, unless it begins with the year.

    Raises:
        ValueError: The text is not a date, or the date is incomplete.
    """
    words = _Words(dayfirst=not text.strip()[:4].isdigit())
    year = now.astimezone(AMSTERDAM).year
    try:
        first = parser.parse(text, words, default=datetime(year, 1, 1))
        last = parser.parse(text, words, default=datetime(year, 12, 31, 23, 59, 59, 999_999))
    except (ValueError, OverflowError, TypeError) as error:
        raise ValueError("it is not a date") from error
    left_out = [getattr(first, unit) != getattr(last, unit) for unit in ("month", "day", "hour")]
    if left_out != sorted(left_out):  # a day without its month, a time without its day
        raise ValueError("it does not say which day")
    return in_amsterdam(first), in_amsterdam(last.replace(fold=1))


def in_amsterdam(moment: datetime) -> datetime:
    """Returns the moment, in Amsterdam's time if it has no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)
