"""Values as the cells of a table or spreadsheet: pure."""

from __future__ import annotations

import json
import re
from typing import cast

# What a spreadsheet would run: =, +, - or @ (wide ones too), after blanks that it may skip; or after our own
# apostrophes, so that taking one off is always right. A plain number, such as a telephone number, is safe.
_FORMULA = re.compile(r"'*[\s\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_NUMBER = re.compile(r"[+-][0-9 ]+")


def cell(value: object) -> str:
    """A value as text: a list of words with a space between them, anything else that is nested as JSON."""
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
    """The text with what a terminal might obey written as JSON escapes."""
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def defused(text: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would run it as a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """The cell as it was before `defused`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
