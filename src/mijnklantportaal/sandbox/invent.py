"""Invents values that conform to a schema, from its examples; the same for the same seed."""

import hashlib
import re
from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_FIRST = datetime(2014, 1, 6, 8, tzinfo=UTC)
_YEARS = 10 * 365 * 86_400
_HALFWAY = 1_000

_MAX_DEPTH = 5  # schemas can be recursive
_ID = re.compile(r"(?<![A-Za-z0-9])([a-z]{2,4})_+(?=[a-z]*[0-9])[a-z0-9]+")
_DAY = r"\d{4}-\d\d-\d\d"
_FORMS = {"date": re.compile(_DAY), "date-time": re.compile(rf"{_DAY}[T ]\S+")}
_EXAMPLES = {
    "date-time": "2024-04-28T21:00:00+02:00",
    "date": "2024-04-28",
    "email": "info@bedrijf.example",
    "uri": "https://bedrijf.example",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def draw(*seed: object) -> int:
    """Draws a large number that depends only on the seed."""
    text = ":".join(map(str, seed))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=10).digest(), "big")


def make_id(prefix: str, seed: object, number: object) -> str:
    """Makes an id: a prefix and 14 lower-case alphanumerics."""
    digest = draw(seed, prefix, number).to_bytes(10, "big")
    return f"{prefix}_{b32encode(digest)[:14].decode().lower()}"


def created_at(number: int) -> datetime:
    """Returns when row `number` was created.

    The time between two rows decreases, so that the first 40 rows include summer and winter time, and none of
    100,000 rows is created in the future.
    """
    seconds = int(_YEARS * number / (_HALFWAY + number))
    return (_FIRST + timedelta(seconds=seconds)).astimezone(AMSTERDAM)


@dataclass(frozen=True)
class Inventor:
    """Invents a row, or another JSON value; each part depends only on the seed and its place."""

    resolve: Callable[[Mapping[str, Any]], dict[str, Any]]  # resolves the references of a schema
    refer: Callable[[str, str], str]  # returns the id for a prefix and a place
    seed: str
    number: int  # of the row; later ones are created later

    def value(self, schema: Mapping[str, Any], place: str = "$") -> Any:
        """Invents a value that conforms to the schema."""
        schema = self.resolve(schema)
        type_: str | list[str] = schema.get("type", "object" if "properties" in schema else "string")
        kinds = [type_] if isinstance(type_, str) else type_
        drawn = draw(self.seed, place)
        if "null" in kinds and drawn % 5 == 0:
            return None
        kind = next((kind for kind in kinds if kind != "null"), "null")
        depth = max(place.count("."), place.count("["))
        deep = depth >= _MAX_DEPTH
        if kind == "object":
            properties: Mapping[str, Any] = schema.get("properties", {})
            if deep:
                needed = schema.get("required", ()) if depth < _MAX_DEPTH + 2 else ()
                properties = {name: properties[name] for name in needed if name in properties}
            return {name: self.value(child, f"{place}.{name}") for name, child in properties.items()}
        if kind == "array":
            count = 0 if deep or "items" not in schema else 1 + drawn % 2
            return [self.value(schema["items"], f"{place}[{index}]") for index in range(count)]
        return self._scalar(kind, schema, place, drawn)

    def _scalar(self, kind: str, schema: Mapping[str, Any], place: str, drawn: int) -> Any:
        if choices := schema.get("enum", [schema["const"]] if "const" in schema else []):
            return choices[drawn % len(choices)]
        if kind == "boolean":
            return drawn % 2 == 0
        if kind == "string":
            return self._text(schema, place)
        example = schema.get("example")
        if isinstance(example, int | float) or kind == "null":
            return example
        return schema.get("minimum", 1)

    def _text(self, schema: Mapping[str, Any], place: str) -> str:
        """Returns the example with another date, another number at its end, and ids of existing rows."""
        form = schema.get("format", "")
        text = str(schema.get("example") or "")
        if not text or (form in _FORMS and not _FORMS[form].fullmatch(text)):
            text = _EXAMPLES.get(form, "tekst")
        later = 0 if place.endswith(".createdAt") else 1 + draw(self.seed, place) % 60
        text = re.sub(f"^{_DAY}", str(created_at(self.number).date() + timedelta(days=later)), text)
        text = re.sub(r"\d{3,}$", lambda digits: str(self.number).zfill(len(digits[0])), text)
        return _ID.sub(lambda id_: self.refer(id_[1], place), text)
