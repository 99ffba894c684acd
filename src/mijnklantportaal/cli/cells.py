"""Values as the cells of a table or spreadsheet. No I/O."""

from __future__ import annotations

import json
import re
from typing import cast

# What a spreadsheet runs as a formula: =, +, - or @ (full-width ones too), after blanks that it may skip; or
# after apostrophes, so that removing one always restores the cell. A number, as of a telephone, is safe.
_FORMULA = re.compile(r"'*[\s\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_NUMBER = re.compile(r"[+-][0-9 ]+")


def cell(value: object) -> str:
    """A value as text: words of a list separated by spaces, anything else that is nested as JSON."""
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


def escaped(text: str) -> str:
    """The text with control characters, which a terminal would obey, as JSON escapes."""
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def defused(text: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """The cell as it was before `defused`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
