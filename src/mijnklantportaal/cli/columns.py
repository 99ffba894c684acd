"""Which fields of a list's items are shown, and which of them are dates: pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mijnklantportaal.document import Json, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Mapping[str, Json]

_IN_A_TABLE = 5
_FIRST = [  # what tells items apart, then what they are worth, when they were made, and what became of them
    re.compile("^id$"),
    re.compile("name|number|title|description", re.IGNORECASE),
    re.compile("^(amount|price|totalAmount)$"),
    re.compile("At$"),
    re.compile("status|city|email", re.IGNORECASE),
    re.compile(""),
]
_NOT_IN_A_TABLE = re.compile("secret|signature|hash", re.IGNORECASE)
_LONG = 40
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")


class Layout(NamedTuple):
    """Which columns: those asked for, by the API's names; and the documented fields with their schemas."""

    asked: tuple[str, ...] = ()
    fields: Mapping[str, Json] = {}
    excel: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns asked for, or all fields."""
        return self.asked or tuple(self.fields)

    def of(self, rows: Iterable[Row]) -> Layout:
        """This layout; where the document has no fields, those that the rows show."""
        if self.columns:
            return self
        return self._replace(fields={name: _shown(value) for row in rows for name, value in row.items()})

    def is_date(self, column: str) -> bool:
        """Whether the document says or shows that a field holds dates."""
        schema = self.fields.get(column)
        if not is_object(schema):
            return False
        if "format" in schema:
            return schema["format"] in {"date", "date-time"}
        return bool(_DATE.fullmatch(str(schema.get("example"))))

    def in_a_table(self) -> tuple[str, ...]:
        """The columns asked for, or the few that tell most, in the order of the document."""
        shown = [name for name, schema in self.fields.items() if _is_short(name, schema)]
        shown.sort(key=lambda name: next(i for i, each in enumerate(_FIRST) if each.search(name)))
        return self.asked or tuple(name for name in self.fields if name in shown[:_IN_A_TABLE])


def table(rows: Iterable[Row], layout: Layout) -> Iterable[Sequence[object]]:
    """The names of the columns, then the values of each row."""
    if not layout.columns:
        rows = list(rows)
        layout = layout.of(rows)
    yield layout.columns
    for row in rows:
        yield [row.get(column) for column in layout.columns]


def _shown(value: object) -> Json:
    return {"type": "object"} if isinstance(value, list | dict) else {"example": value}


def _is_short(name: str, schema: Json) -> bool:
    if _NOT_IN_A_TABLE.search(name) or not is_object(schema):
        return False
    nested = {"array", "object"} & {*_types(schema)}
    return not nested and len(str(schema.get("example"))) <= _LONG


def _types(schema: Mapping[str, Json]) -> list[str]:
    declared = schema.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)
