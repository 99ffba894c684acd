"""Which fields of a list's items to show, and which of them are dates. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mijnklantportaal.document import Json, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = Mapping[str, Json]

_IN_A_TABLE = 5
# What identifies an item, then what it is worth, when it was made, and its state.
_FIRST = [
    *("^id$", "(?i:name|number|title|description)", "^(amount|price|totalAmount)$"),
    *("At$", "(?i:status|city|email)", ""),
]
_NOT_IN_A_TABLE = "(?i:secret|signature|hash)"
_LONG = 40
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")


class Layout(NamedTuple):
    """The columns to show: those asked for, by the API's names, or the documented fields (with schemas)."""

    asked: tuple[str, ...] = ()
    fields: Mapping[str, Json] = {}
    excel: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns asked for, or all fields."""
        return self.asked or tuple(self.fields)

    def of(self, rows: Iterable[Row]) -> Layout:
        """This layout, or if the document has no fields, one with those of the rows."""
        if self.columns:
            return self
        return self._replace(fields={name: _shown(value) for row in rows for name, value in row.items()})

    def is_date(self, column: str) -> bool:
        """Whether the format or the example of a field is a date."""
        schema = self.fields.get(column)
        if not is_object(schema):
            return False
        if "format" in schema:
            return schema["format"] in {"date", "date-time"}
        return bool(_DATE.fullmatch(str(schema.get("example"))))

    def in_a_table(self) -> tuple[str, ...]:
        """The columns asked for, or the most useful ones, in the order of the document."""
        shown = [name for name, schema in self.fields.items() if _is_short(name, schema)]
        shown.sort(key=lambda name: next(i for i, each in enumerate(_FIRST) if re.search(each, name)))
        return self.asked or tuple(name for name in self.fields if name in shown[:_IN_A_TABLE])


def table(rows: Iterable[Row], layout: Layout) -> Iterator[Sequence[object]]:
    """Yields the names of the columns, then the values of each row."""
    if not layout.columns:
        rows = list(rows)
        layout = layout.of(rows)
    yield layout.columns
    for row in rows:
        yield [row.get(column) for column in layout.columns]


def _shown(value: object) -> Json:
    return {"type": "object"} if isinstance(value, list | dict) else {"example": value}


def _is_short(name: str, schema: Json) -> bool:
    if re.search(_NOT_IN_A_TABLE, name) or not is_object(schema):
        return False
    types: Json = schema.get("type", [])
    nested = {"array", "object"} & {*([types] if isinstance(types, str) else types)}
    return not nested and len(str(schema.get("example"))) <= _LONG
