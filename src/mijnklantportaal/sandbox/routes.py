"""The paths of an OpenAPI document that can be read, and what each returns."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

Schema = Mapping[str, Any]

_METHODS = {"GET": "get", "HEAD": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}


class Resource(NamedTuple):
    """A kind of item: `/customers` lists them, `/customers/{customerId}` returns one."""

    name: str  # customer-invoices, where the operation list-customer-invoices lists them
    owner: str | None  # the name of what each item belongs to: payment-links, for payments
    listed: Schema  # an item in the list
    detailed: Schema  # an item requested by id
    prefix: str | None  # of their ids, such as cst; None without ids


class Route(NamedTuple):
    """One path of the document."""

    pattern: re.Pattern[str]
    methods: Sequence[str]
    owners: Sequence[str | None]  # for each id in the path, its resource; None: found only in its owner
    lists: str | None  # the resource that GET lists, if any
    shows: Schema  # the response to GET
    paginated: bool  # whether that is a page of a list


class Api:
    """The routes and resources of an OpenAPI 3.1 document."""

    def __init__(self, document: Schema) -> None:
        self._document = document
        self.base = urlsplit(str(document["servers"][0]["url"])).path.rstrip("/")
        paths = {re.sub(r"\{[^}]*\}", "{}", path): item for path, item in document["paths"].items()}
        shown = {path: self._shown(item["get"]) for path, item in paths.items() if "get" in item}
        listed = {path: row for path, each in shown.items() if (row := self._row(each))}
        named: dict[str, str] = {}  # resources by path, each after those that it belongs to
        self.resources: dict[str, Resource] = {}
        for path in sorted({*listed, *(path[:-3] for path in shown if path.endswith("/{}"))}):
            name = _name(paths[path]["get"]["operationId"] if path in listed else path)
            owner = next((named[each] for each in reversed(named) if path.startswith(f"{each}/{{}}/")), None)
            row = listed.get(path) or shown[f"{path}/{{}}"]
            detailed = shown.get(f"{path}/{{}}", row)
            named[path] = name
            self.resources[name] = Resource(name, owner, row, detailed, _prefix(row) or _prefix(detailed))
        self._routes = [
            Route(
                re.compile("([^/]+)".join(map(re.escape, (self.base + path).split("{}")))),
                [method for method, key in _METHODS.items() if key in item],
                [named.get(path[: at.start() - 1]) for at in re.finditer("{}", path)],
                named[path] if path in listed else None,
                shown.get(path, {}),
                path in listed and "next_page_url" in shown[path]["properties"],
            )
            for path, item in sorted(paths.items(), key=lambda each: each[0].count("{}"))
        ]

    def route(self, path: str) -> tuple[Route, Sequence[str]] | None:
        """Finds the route for a path, and the ids in the path."""
        matches = ((route, route.pattern.fullmatch(path)) for route in self._routes)
        return next(((route, match.groups()) for route, match in matches if match), None)

    def resolve(self, schema: Schema) -> dict[str, Any]:
        """Resolves references; merges all of `allOf` and the first of `anyOf` and `oneOf`."""
        resolved = dict(schema)
        parts = [*schema.get("allOf", ()), *schema.get("anyOf", ())[:1], *schema.get("oneOf", ())[:1]]
        if "$ref" in schema:
            target: Any = self._document
            for step in schema["$ref"].split("/")[1:]:
                target = target[step]
            parts.append(target)
        for part in map(self.resolve, parts):
            properties = part.get("properties", {}) | resolved.get("properties", {})
            resolved = part | resolved | ({"properties": properties} if properties else {})
        return resolved

    def _shown(self, operation: Schema) -> Schema:
        successes = [self.resolve(each) for key, each in operation["responses"].items() if key[0] == "2"]
        content: Schema = successes[0].get("content", {}) if successes else {}
        return self.resolve(content.get("application/json", {}).get("schema", {}))

    def _row(self, envelope: Schema) -> Schema:
        data = self.resolve(envelope.get("properties", {}).get("data", {}))
        return self.resolve(data.get("items", {}))


def read(document: str | PathLike[str] | None) -> Api:
    """Reads a document from a JSON file; by default the one that the client was generated from."""
    return _shipped() if document is None else Api(json.loads(Path(document).read_text(encoding="utf-8")))


@cache
def _shipped() -> Api:
    spec = find_spec("mijnklantportaal_api")  # does not import the client
    return read(Path(str(spec and spec.origin)).with_name("openapi.json"))


def _name(operation: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+", "-", operation).strip("-").lower()
    return re.sub(r"^(list|get)-", "", words)


def _prefix(schema: Schema) -> str | None:
    id_ = schema.get("properties", {}).get("id")
    shown = re.search(r"\b([a-z]{2,4})_", f"{id_}")
    return None if id_ is None else shown[1] if shown else "id"
