"""Items as rows of cells: which fields to show, which of them are dates, and values as text. No I/O."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self, TypeAlias, cast

from mijnklantportaal.document import Json, is_object

Row: TypeAlias = Mapping[str, Json]

_IN_A_TABLE = 5
# In this order: what identifies an item, amounts, dates, status.
_FIRST = [
    *("^id$", "(?i:name|number|title|description)", "^(amount|price|totalAmount)$"),
    *("At$", "(?i:status|city|email)", ""),
]
_NOT_IN_A_TABLE = "(?i:secret|signature|hash)"
_LONG = 40
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")

# What a spreadsheet runs as a formula: =, +, - or @ (full-width ones too), after blanks that it may skip; or
# after apostrophes, so that removing one always restores the cell. A number, as of a telephone, is safe.
_FORMULA = re.compile(r"'*[\s\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_NUMBER = re.compile(r"[+-][0-9 ]+")


class Layout(NamedTuple):
    """The columns to show: those asked for, by the API's names, or the documented fields (with schemas)."""

    asked: tuple[str, ...] = ()
    fields: Mapping[str, Json] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns asked for, or all fields."""
        return self.asked or tuple(self.fields)

    def of(self, rows: Iterable[Row]) -> tuple[Self, Iterable[Row]]:
        """Returns this layout and the rows; without documented fields, a layout with those of the rows."""
        if self.columns:
            return self, rows
        rows = list(rows)
        fields = {name: {"example": value} for row in rows for name, value in row.items()}
        return self._replace(fields=fields), rows

    def is_date(self, column: str) -> bool:
        """Returns whether the format or the example of a field is a date."""
        schema = self.fields.get(column)
        if not is_object(schema):
            return False
        if "format" in schema:
            return schema["format"] in {"date", "date-time"}
        return bool(_DATE.fullmatch(str(schema.get("example"))))

    def in_a_table(self) -> tuple[str, ...]:
        """Returns the columns asked for, or the most useful ones, in the order of the document."""
        shown = [name for name, schema in self.fields.items() if _is_short(name, schema)]
        shown.sort(key=lambda name: next(i for i, each in enumerate(_FIRST) if re.search(each, name)))
        return self.asked or tuple(name for name in self.fields if name in shown[:_IN_A_TABLE])


def cell(value: object) -> str:
    """Returns a value as text: words of a list separated by spaces, anything else that is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        items = cast("list[object]", value)
        words = [item for item in items if isinstance(item, str) and item and not re.search(r"\s|^\[", item)]
        if len(words) == len(items):
            return " ".join(words)
    return json.dumps(value, ensure_ascii=False)


def defused(text: str) -> str:
    """Returns the cell with an apostrophe in front if a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _is_short(name: str, schema: Json) -> bool:
    if re.search(_NOT_IN_A_TABLE, name) or not is_object(schema):
        return False
    example: Json = schema.get("example")
    if isinstance(example, list | dict) or re.search("array|object", str(schema.get("type"))):
        return False
    return len(str(example)) <= _LONG
