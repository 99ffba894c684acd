"""The invented rows of a portal, which refer to each other."""

import json
import random
import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mijnklantportaal.sandbox.customers import customer
from mijnklantportaal.sandbox.invent import Inventor, draw, make_id
from mijnklantportaal.sandbox.responses import PER_PAGE, envelope
from mijnklantportaal.sandbox.routes import Api, Resource, Route, Schema

Order = Literal["newest", "oldest", "name"]
Fields = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change to a list: rows are deleted, and then others added, all at the same moment.

    Give either `request` or `second`. A change by `second` takes effect with the first request at or after
    that moment.
    """

    remove: int = 0
    """Maximum number of rows to delete."""
    add: int = 0
    """How many rows to add."""
    request: int | None = None
    """Just before this request is handled; a `ReceivedRequest.number`."""
    second: float | None = None
    """Seconds after the first request, by the sandbox's clock."""
    at: int | None = None
    """Where in the list rows are deleted and added. By default, deleted rows are drawn with `seed`, and the
    order of the list decides where new ones go."""

    of: str = "customers"
    """The name of the list; see `Sandbox`."""

    def __post_init__(self) -> None:
        if (self.request is None) == (self.second is None):
            raise ValueError("a change needs either request or second")
        if self.remove < 0 or self.add < 0 or (self.at or 0) < 0:
            raise ValueError("a change's remove, add and at must not be negative")

    def is_due(self, request: int, second: float) -> bool:
        """Returns whether the change is due at this request or second."""
        return request >= self.request if self.request is not None else second >= (self.second or 0)


class Rows:
    """The rows of a resource: `ids` in the order of the list; their fields are invented when needed."""

    def __init__(self, resource: Resource, store: "Store") -> None:
        self.resource = resource
        self.at_first = store.counts.get(resource.name, 40)
        self.ids: list[str] = []
        self.numbers: dict[str, int] = {}  # of all rows, also of deleted ones; 1 is the oldest
        self._own = store.own.get(resource.name, ())
        self._order = "oldest" if self._own else store.order
        self._random = random.Random(f"{store.seed}:changes")  # noqa: S311 - not for cryptography
        self._store = store

    def id(self, number: int) -> str:
        """Returns the id of a row, whether the API shows it or not."""
        id_ = self._given(number).get("id")
        return make_id(self.resource.prefix or "row", self._store.seed, number) if id_ is None else str(id_)

    def any_id(self, drawn: int) -> str:
        """Returns the id of one of the initial rows."""
        return self.id(1 + drawn % max(1, self.at_first))

    def owner_id(self, id_: str) -> str | None:
        """Returns the id of what a row belongs to, if anything."""
        if self.resource.owner is None:
            return None
        owners, number = self._store[self.resource.owner], self.numbers[id_]
        given = (str(value) for value in self._given(number).values() if str(value) in owners.numbers)
        return next(given, owners.any_id(number - 1))

    def of(self, owner_id: str | None) -> list[str]:
        """Returns the ids of the rows that belong to this owner; of all rows if there is none."""
        return [id_ for id_ in self.ids if self.owner_id(id_) == owner_id] if owner_id else self.ids

    def fields(self, id_: str, *, detailed: bool = False) -> dict[str, object]:
        """Returns a row as the list shows it or, `detailed`, as requested by id."""
        number, resource, store = self.numbers[id_], self.resource, self._store
        known: dict[str, object] = {"id": id_} if resource.prefix else {}
        if resource.name == "customers":
            known |= customer(store.seed, number, store.some_id)
        known |= self._given(number)
        schema = resource.detailed if detailed else resource.listed
        missing = {name: each for name, each in schema.get("properties", {}).items() if name not in known}
        known |= store.invent({"properties": missing}, f"{resource.name}:{number}", self, id_)
        return known

    def add(self, count: int, at: int | None = None) -> list[str]:
        """Adds rows at this position, by default where the order puts them; returns their ids in order."""
        before = len(self.numbers)
        self.numbers |= {self.id(number): number for number in range(before + 1, before + count + 1)}
        if len(self.numbers) < before + count:
            raise ValueError(f"two rows of {self.resource.name!r} have the same id")
        new = sorted(list(self.numbers)[before:], key=self._key)
        for index, id_ in enumerate(new):
            position = bisect(self.ids, self._key(id_), key=self._key) if at is None else at + index
            self.ids.insert(position, id_)
        return new

    def remove(self, count: int, at: int | None = None) -> list[str]:
        """Deletes the rows from this position on, by default random ones; returns their ids."""
        if at is None:
            removed = self._random.sample(self.ids, min(count, len(self.ids)))
        else:
            removed = self.ids[at : at + count]
        deleted = set(removed)
        self.ids = [id_ for id_ in self.ids if id_ not in deleted]
        return removed

    def _given(self, number: int) -> Fields:
        return self._own[number - 1] if number <= len(self._own) else {}

    def _key(self, id_: str) -> Any:
        """Returns what the list is sorted by: the row's number, or its first field after the id."""
        if self._order == "name":
            return str(next((value for name, value in self.fields(id_).items() if name != "id"), ""))
        return self.numbers[id_] if self._order == "oldest" else -self.numbers[id_]


@dataclass
class Store:
    """All rows of a portal."""

    api: Api
    seed: int
    counts: Mapping[str, int]  # how many rows there are at first, by resource
    own: Mapping[str, Sequence[Fields]]  # the user's rows, by resource; they can leave out fields
    order: Order

    def __post_init__(self) -> None:
        self._rows = {name: Rows(resource, self) for name, resource in self.api.resources.items()}
        self._by_prefix = {rows.resource.prefix: rows for rows in reversed(self._rows.values())}
        for rows in self._rows.values():  # now that each can refer to the others
            rows.add(rows.at_first, at=0)

    def __getitem__(self, name: str) -> Rows:
        if name not in self._rows:
            raise ValueError(f"the document has no list {name!r}; it has {', '.join(self._rows)}")
        return self._rows[name]

    def read(self, route: Route, ids: Sequence[str], page: int | None, url: str) -> Any:
        """Returns the JSON body of the response to GET; None if an id in the path is unknown."""
        owners: Rows | None = None
        owner_id = ""
        for name, id_ in zip(route.owners, ids, strict=True):
            if name is None:  # not in a list: its owner must contain it
                if not owners or json.dumps(id_) not in json.dumps(owners.fields(owner_id, detailed=True)):
                    return None
            elif id_ in self[name].of(owner_id):
                owners, owner_id = self[name], id_
            else:
                return None
        if route.lists is None:
            if owners and route.shows is owners.resource.detailed:
                return owners.fields(owner_id, detailed=True)
            return self.invent(route.shows, ":".join(ids), owners, owner_id)
        rows = self[route.lists]
        listed = rows.of(owner_id)
        if page is None:
            return {"data": [rows.fields(id_) for id_ in listed]}
        end = page * PER_PAGE
        shown = [rows.fields(id_) for id_ in listed[end - PER_PAGE : end]]
        return envelope(url, page, shown, more=len(listed) > end)

    def invent(self, schema: Schema, seed: str, rows: Rows | None, id_: str) -> Any:
        """Invents a value for a row; ids in it are those of existing rows, the same throughout the row."""
        seed = f"{self.seed}:{seed}"

        def refer(prefix: str, place: str) -> str:
            if rows and prefix == rows.resource.prefix:
                return id_
            if rows and rows.resource.owner and prefix == self[rows.resource.owner].resource.prefix:
                return rows.owner_id(id_) or ""
            return self.some_id(prefix, draw(seed, prefix, *re.findall(r"\[\d+\]", place)))

        return Inventor(self.api.resolve, refer, seed, rows.numbers[id_] if rows else 1).value(schema)

    def some_id(self, prefix: str, drawn: int) -> str:
        """Returns the id of one of the initial rows; invents one if no list has ids with this prefix."""
        rows = self._by_prefix.get(prefix)
        return rows.any_id(drawn) if rows else make_id(prefix, self.seed, drawn)
