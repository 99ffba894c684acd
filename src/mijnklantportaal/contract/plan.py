"""What to ask for, in which order, and with which ids. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import quote

from mijnklantportaal.document import Document, Json, Operation, is_array, is_object, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEFAULT_PAGES = 2
_ID = re.compile(r"[a-z]{3}_\w{1,60}")


@dataclass(frozen=True)
class Plan:
    """The operations to check, in the order in which ids become known.

    Attributes:
        document: The document that they are of.
        operations: The operations.
        pages: How many pages of a list at most; `None` for all of them.
    """

    document: Document
    operations: tuple[Operation, ...]
    pages: int | None

    @property
    def requests(self) -> int | None:
        """How many requests it takes at most; `None` if that depends on how many pages there are."""
        lists = sum(operation.paginated for operation in self.operations)
        if self.pages is None:
            return None if lists else len(self.operations)
        return len(self.operations) + lists * (self.pages - 1)


def planned(
    names: Sequence[str] = (), *, pages: int | None = DEFAULT_PAGES, document: Document | None = None
) -> Plan:
    """Plan a check: every operation that can be read, lists first.

    Args:
        names: Only these, and what their ids are found by: each an operationId (`get-customer`), a method
            and path (`GET /customers`) or a name of the command line (`customers`).
        pages: How many pages of a list at most; `None` for all of them.
        document: Another document than the one that this client was generated from.

    Raises:
        LookupError: There is no such operation, or it cannot be read.
    """
    document = document or shipped()
    readable = [
        operation
        for operation in document.operations
        if operation.method == "GET" and not any(each.required for each in operation.query_parameters)
    ]
    wanted = [operation for name in names for operation in _named(readable, name)] if names else readable
    # A list is grown while it is gone through: what an id is found by can need an id itself.
    for operation in wanted:
        wanted += [source for source in _sources(readable, operation) if source not in wanted]
    order = sorted(dict.fromkeys(wanted), key=lambda each: (len(each.path_parameters), not each.paginated))
    return Plan(document, tuple(order), pages)


def _named(readable: list[Operation], name: str) -> list[Operation]:
    found = [each for each in readable if name in {each.id, str(each), each.command}]
    if not found:
        near = get_close_matches(name, [known for each in readable for known in (each.id, each.command)], 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise LookupError(f"there is no operation {name} that can be read{hint}")
    return found


def _sources(readable: list[Operation], operation: Operation) -> list[Operation]:
    """The operations whose responses show the ids that this one takes."""
    found: list[Operation] = []
    for parameter in operation.path_parameters:
        collection = _before(operation.path, parameter.name)
        near = {collection, collection.rpartition("/")[0]}
        sources = [each for each in readable if each.path in near]
        found += sources or [each for each in readable if not each.path_parameters]
    return found


class Ids:
    """The ids that responses showed, by the path that was asked for."""

    def __init__(self) -> None:
        self._items: dict[str, list[str]] = {}
        self._all: dict[str, list[str]] = {}

    def add(self, path: str, body: Json) -> None:
        """Note the ids of a response's body."""
        data = body.get("data") if is_object(body) else None
        items = [item["id"] for item in data if is_object(item) and "id" in item] if is_array(data) else []
        self._items.setdefault(path, []).extend(str(each) for each in items)
        self._all.setdefault(path, []).extend(_ids(body))

    def fill(self, operation: Operation) -> tuple[str, list[str]] | None:
        """The operation's path with ids in it, and these ids; `None` if one of them is not known."""
        path = operation.path
        taken: list[str] = []
        for parameter in operation.path_parameters:
            collection = _before(path, parameter.name)
            near = [*self._all.get(collection, ()), *self._all.get(collection.rpartition("/")[0], ())]
            # An id within something belongs to that thing; any other can be found anywhere.
            far = [] if taken else [each for ids in self._all.values() for each in ids]
            fitting = [each for each in near + far if each.startswith(parameter.prefixes or ("?",))]
            candidates = self._items.get(collection, []) + fitting
            if not candidates:
                return None
            taken.append(candidates[0])
            path = path.replace(f"{{{parameter.name}}}", quote(candidates[0], safe=""))
        return path, taken


def _before(path: str, parameter: str) -> str:
    return path.partition(f"/{{{parameter}}}")[0]


def _ids(value: Json) -> Iterator[str]:
    if is_object(value):
        for each in value.values():
            yield from _ids(each)
    elif is_array(value):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, str) and _ID.fullmatch(value):
        yield value
