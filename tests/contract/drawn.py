"""Draws whatever a schema allows, with hypothesis; dates in the API's ATOM form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ATOM = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=ZONES).map(
    lambda moment: moment.isoformat(timespec="seconds")
)


def drawn(schema: Json, follow: Callable[[Json], Json]) -> st.SearchStrategy[Json]:
    """What this schema allows; `follow` resolves a reference. A keyword that is new here is an error."""
    schema = follow(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([drawn(each, follow) for each in schema["anyOf"]])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of_type(kind, schema, follow) for kind in kinds])


def _of_type(kind: str, schema: Json, follow: Callable[[Json], Json]) -> st.SearchStrategy[Json]:
    if kind == "object":
        return _object(schema, follow)
    if kind == "array":
        return st.lists(drawn(schema["items"], follow), max_size=3)
    if kind == "string":
        return {"date-time": ATOM, None: st.text(max_size=8)}[schema.get("format")]
    if kind == "integer":
        return st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))
    return {"number": st.floats(-1e9, 1e9), "boolean": st.booleans(), "null": st.none()}[kind]


def _object(schema: Json, follow: Callable[[Json], Json]) -> st.SearchStrategy[Json]:
    fields = {name: drawn(each, follow) for name, each in schema.get("properties", {}).items()}
    required = schema.get("required", ())
    known = st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: each for name, each in fields.items() if name not in required},
    )
    unknown = st.dictionaries(
        st.text(max_size=8).filter(lambda name: name not in fields), ANYTHING, max_size=2
    )
    return st.builds(lambda one, other: {**one, **other}, known, unknown)


def meaning(value: Json, schema: Json, follow: Callable[[Json], Json]) -> Json:
    """The value with its dates as instants: what must survive being read and written."""
    schema = follow(schema)
    if isinstance(value, dict):
        fields = schema.get("properties", {})
        return {key: meaning(each, fields.get(key, {}), follow) for key, each in value.items()}
    if isinstance(value, list):
        return [meaning(each, schema.get("items", {}), follow) for each in value]
    if schema.get("format") == "date-time" and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    return value
