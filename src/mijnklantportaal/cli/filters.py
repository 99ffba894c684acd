"""Filters of customers, because the API cannot filter, and dates as people write them. No I/O."""

import re
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
_DUTCH_DAYS = "ma di wo do vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
_DAYS = [*_DUTCH_DAYS.split(), *chain(*parser.parserinfo.WEEKDAYS)]


class _Words(parser.parserinfo):
    MONTHS: Any = [  # the stubs allow three names at most
        (*english, *dutch.split("/"))
        for english, dutch in zip(parser.parserinfo.MONTHS, _MONTHS.split(), strict=True)
    ]


_NAME = rf"(?:{'|'.join(chain(*_Words.MONTHS))})\.?"
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", rf"(?:0?[1-9]|1[0-2]|{_NAME})", r"\d{4}"
# dateutil guesses what does not have one of these forms.
_FORMS = re.compile(
    rf"""
    (?:(?:{"|".join(_DAYS)})\.?,?\ )?
    (?P<date>(?:{_YEAR}([-/.\ ]){_MONTH}\2{_DAY} | \d{{8}} | {_DAY}([-/.\ ]){_MONTH}\3(?:{_YEAR}|'?\d\d)
       | {_DAY}[-/\ ]{_MONTH} | {_NAME}\ {_DAY},?\ {_YEAR})
    (?:[T\ ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?\ ?(?:Z|UTC|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?)
    | (?:{_MONTH}[-/\ ])?{_YEAR} | {_YEAR}[-/\ ]{_MONTH} | {_NAME}
    """,
    re.VERBOSE | re.IGNORECASE,
)


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

    A date without a year is in this year, and one without a zone in Amsterdam's time. Numbers are day-first,
    unless they begin with the year.

    Raises:
        ValueError: The text is not a date, or its form allows more than one reading.
    """
    text = " ".join(text.split())
    if not (match := _FORMS.fullmatch(text)):
        raise ValueError("it cannot be read as a date")
    text = (match["date"] or text).upper()  # without the name of a day; dateutil knows UTC, not utc
    words = _Words(dayfirst=not text[:4].isdigit())
    year = now.astimezone(AMSTERDAM).year
    try:
        first = parser.parse(text, words, default=datetime(year, 1, 1))
        last = parser.parse(text, words, default=datetime(year, 12, 31, 23, 59, 59, 999_999))
    except ValueError as error:
        raise ValueError("it is not a date") from error
    return in_amsterdam(first), in_amsterdam(last.replace(fold=1))


def in_amsterdam(moment: datetime) -> datetime:
    """Returns the moment, in Amsterdam's time if it has no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)
