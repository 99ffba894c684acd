"""The rows of an invented portal, which refer to each other."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mijnklantportaal.sandbox.customers import customer
from mijnklantportaal.sandbox.invent import Inventor, draw, make_id
from mijnklantportaal.sandbox.responses import PER_PAGE, Page
from mijnklantportaal.sandbox.routes import Api, Resource, Route, Schema
from mijnklantportaal.sandbox.rows import Order, Rows

Row = Mapping[str, object]
_MANY = 40


class Collection(Rows):
    """All rows of a resource; `own` are the user's, which may leave out fields."""

    def __init__(
        self, resource: Resource, store: "Store", count: int, own: Sequence[Row], order: Order
    ) -> None:
        super().__init__("oldest" if own else order, self._first_field)
        self.resource = resource
        self.at_first = count
        self._store = store
        self._own = own
        self._numbers: dict[str, int] = {}

    def id(self, number: int) -> str:
        """Return the id of a row."""
        own = self._given(number).get("id")
        return make_id(self.resource.prefix or "row", self._store.seed, number) if own is None else str(own)

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """Return the ids of rows."""
        return [self.id(number) for number in numbers]

    def any_id(self, drawn: int) -> str:
        """Return the id of one of the initial rows."""
        return self.id(1 + drawn % max(1, self.at_first))

    def number(self, id_: str) -> int | None:
        """Find the row with this id, even if deleted."""
        for number in range(len(self._numbers) + 1, self.born + 1):
            self._numbers[self.id(number)] = number
        return self._numbers.get(id_)

    def owner_id(self, number: int, owner: Resource) -> str:
        """Return the id of what a row belongs to."""
        owners = self._store[owner.name]
        given = (value for value in self._given(number).values() if owners.number(str(value)))
        return str(next(given, owners.any_id(number - 1)))

    def of(self, owner_id: str | None) -> list[int]:
        """Return the rows of this owner, or all rows if they have no owners."""
        if (owner := self.resource.owner) is None:
            return self.numbers
        return [number for number in self.numbers if self.owner_id(number, owner) == owner_id]

    def row(self, number: int, *, detailed: bool = False) -> dict[str, object]:
        """Return a row as the list shows it or, `detailed`, as requested by id."""
        schema = self.resource.detailed if detailed else self.resource.listed
        known: dict[str, object] = {}
        if self.resource.name == "customers":
            known = {**customer(self._store.seed, number, self._store.group_id)}
        elif self.resource.prefix:
            known["id"] = self.id(number)
        known |= self._given(number)
        missing = {name: each for name, each in schema.get("properties", {}).items() if name not in known}
        if missing:
            rest = {"type": "object", "properties": missing}
            known |= self._store.invent(rest, f"{self.resource.name}:{number}", (self, number))
        return known

    def _given(self, number: int) -> Row:
        return self._own[number - 1] if number <= len(self._own) else {}

    def _first_field(self, number: int) -> str:
        return str(next((value for name, value in self.row(number).items() if name != "id"), ""))


class Store:
    """All collections of an invented portal: `counts` and the user's `own` rows are by resource."""

    def __init__(
        self, api: Api, seed: int, counts: Mapping[str, int], own: Mapping[str, Sequence[Row]], order: Order
    ) -> None:
        self.seed = seed
        self._api = api
        self._all: dict[str, Collection] = {}
        for name, resource in api.resources.items():
            count = len(own[name]) if name in own else counts.get(name, _MANY)
            self._all[name] = Collection(resource, self, count, own.get(name, ()), order)
        self._by_prefix = {each.resource.prefix: each for each in reversed(self._all.values())}
        for each in self._all.values():  # now that each can refer to the others
            each.add(each.at_first)

    def __getitem__(self, name: str) -> Collection:
        if name not in self._all:
            raise ValueError(f"the document has no list {name!r}; it has {', '.join(self._all)}")
        return self._all[name]

    def read(self, route: Route, ids: Sequence[str], page: int | None) -> object:
        """Return a `Page` or the JSON body of another response; None if one of the ids is unknown."""
        owner: tuple[Collection, int] | None = None
        owner_id: str | None = None
        for resource, id_ in zip(route.owners, ids, strict=True):
            if resource is None:  # not in a list: its owner must contain it
                if owner is None or json.dumps(id_) not in json.dumps(owner[0].row(owner[1], detailed=True)):
                    return None
                continue
            number = self[resource.name].number(id_)
            if number is None or number not in self[resource.name].of(owner_id):
                return None
            owner, owner_id = (self[resource.name], number), id_
        if route.lists is None:
            shown = owner[0].row(owner[1], detailed=True) if owner and route.shows_owner else None
            return shown or self.invent(route.shows, ":".join(ids), owner)
        collection = self[route.lists.name]
        numbers = collection.of(owner_id)
        if page is None:
            return {"data": [collection.row(number) for number in numbers]}
        end = page * PER_PAGE
        return Page(page, [collection.row(n) for n in numbers[end - PER_PAGE : end]], len(numbers) > end)

    def invent(self, schema: Schema, seed: str, row: tuple[Collection, int] | None) -> Any:
        """Invent a value for a row; ids in it are those of existing rows, the same throughout the row."""
        seed = f"{self.seed}:{seed}"
        collection, number = row or (None, 1)

        def refer(prefix: str, place: str) -> str:
            if collection is not None and prefix == collection.resource.prefix:
                return collection.id(number)
            other = self._by_prefix.get(prefix)
            if other is None:
                return make_id(prefix, seed, place)
            if collection is not None and other.resource is collection.resource.owner:
                return collection.owner_id(number, other.resource)
            return other.any_id(draw(seed, prefix, *re.findall(r"\[\d+\]", place)))

        return Inventor(self._api.resolve, refer, seed, number).value(schema)

    def group_id(self, group: int) -> str:
        """Return the id of a customer group, also if the document does not list them."""
        groups = self._by_prefix.get("cug")
        return make_id("cug", self.seed, group) if groups is None else groups.any_id(group)
