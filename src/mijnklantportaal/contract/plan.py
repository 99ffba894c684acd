"""What to request, in which order, and with which ids. No I/O."""

import json
import re
from collections.abc import Sequence
from difflib import get_close_matches

from mijnklantportaal.document import Document, Object, Operation, provenance, shipped
from mijnklantportaal.document.schemas import is_array, is_object

_ID = re.compile(r'"([a-z]{3}_\w{1,60})"(?!:)')  # in JSON, as a value


class Plan:
    """The operations to check: all that can be read, in the order in which ids become known.

    Args:
        names: Only these operations and those that supply their ids: each an operationId (`get-customer`),
            a method and path (`GET /customers`) or a name on the command line (`customers`).
        pages: The maximum number of pages per list; `None` for all.
        document: By default the document that this client was generated from.

    Attributes:
        operations: The operations.
        left_out: Operations that the generator left out of the client, each with the reason.

    Raises:
        LookupError: No operation that can be read has this name.
    """

    def __init__(
        self, names: Sequence[str] = (), *, pages: int | None = 2, document: Document | None = None
    ) -> None:
        self.document = document or shipped()
        self.pages = pages
        readable = [
            operation
            for operation in self.document.operations
            if operation.method == "GET" and not any(each.required for each in operation.query_parameters)
        ]
        wanted = [operation for name in names for operation in _named(readable, name)] if names else readable
        sources = [each for operation in wanted for each in _sources(readable, operation)]
        needed = list(dict.fromkeys([*wanted, *sources]))
        needed.sort(key=lambda each: (len(each.path_parameters), not each.paginated))
        self.operations = tuple(needed)
        self.left_out = [
            (note["where"], note["what"])
            for note in provenance()["notes"]
            if note["kind"] == "left out" and " /" in note["where"] and not (names or document)
        ]

    @property
    def requests(self) -> int | None:
        """The maximum number of requests; `None` if it depends on the number of pages."""
        lists = sum(operation.paginated for operation in self.operations)
        if lists and self.pages is None:
            return None
        return len(self.operations) + lists * ((self.pages or 1) - 1)


class Ids:
    """Ids from responses, for the paths of later requests."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, str]] = {}  # by path, the first id with each prefix

    def add(self, path: str, body: Object) -> None:
        """Collects the ids in a response."""
        found = self._found.setdefault(path, {})
        data = body.get("data")
        items = [each for each in data if is_object(each) and "id" in each] if is_array(data) else []
        for each in items[:1]:
            found.setdefault("", str(each["id"]))  # that of an item, whatever its prefix
        for each in _ID.findall(json.dumps(body)):
            found.setdefault(each[:4], each)

    def known(self, operation: Operation) -> list[str] | None:
        """Returns the ids for an operation's path; `None` if one is not known."""
        used: list[str] = []
        for parameter in operation.path_parameters:
            collection = operation.path.partition(f"/{{{parameter.name}}}")[0]
            near = [collection, collection.rpartition("/")[0]]
            # An id inside something else must come from there; any other can come from anywhere.
            places = [self._found.get(place, {}) for place in (near if used else [*near, *self._found])]
            fitting = (each.get(prefix) for each in places for prefix in parameter.prefixes)
            if (id_ := places[0].get("") or next(filter(None, fitting), None)) is None:
                return None
            used.append(id_)
        return used


def _named(readable: list[Operation], name: str) -> list[Operation]:
    found = [each for each in readable if name in {each.id, str(each), each.command}]
    if not found:
        near = get_close_matches(name, [known for each in readable for known in (each.id, each.command)], 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise LookupError(f"there is no operation {name} that can be read{hint}")
    return found


def _sources(readable: list[Operation], operation: Operation) -> list[Operation]:
    """Returns the operations that can supply the ids for this one: those above it, or those without ids."""
    if not operation.path_parameters:
        return []
    path = operation.path
    above = [each for each in readable if path.startswith(f"{each.path}/") and "{" in path[len(each.path) :]]
    if any(not each.path_parameters for each in above):
        return above
    return above + [each for each in readable if not each.path_parameters]
