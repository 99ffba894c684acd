"""Everything outside the operations' parameters, bodies and responses: version, info, servers, paths."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Object, child, children, is_object
from tools.regenerate.walk import operations

# The API's address according to its documentation, for a document that names no server or no host.
_HOST: Final = "https://api.mijnklantportaal.nl"
_INFO: Final = {"title": "MijnKlantportaal API", "version": "unknown"}
# Path item keywords that are new in OpenAPI 3.2.
_NEW_METHODS: Final = ("query", "additionalOperations")
_IGNORED: Final = {
    "callbacks": "the client cannot receive requests",
    "servers": "requests go to the document's server",
    # With it, the generator would require its other client class.
    "security": "requests carry the portal's API key",
}


def normalise_head(document: Object, notes: Notes) -> None:
    """Normalise version, info, servers and paths; note what no client is generated for."""
    _version(document, notes)
    _servers(document, notes)
    _paths(document, notes)
    if document.pop("webhooks", None):
        notes.add("left out", "webhooks", "the client cannot receive requests")
    for each in operations(document):
        if each.node.get("security") == document.get("security"):
            each.node.pop("security", None)
        for key, why in _IGNORED.items():
            if each.node.get(key) or each.item.get(key):
                each.node.pop(key, None)
                notes.add("incomplete", each.name, f"its own `{key}` is ignored: {why}")


def _version(document: Object, notes: Notes) -> None:
    version = str(document.get("openapi"))
    if not re.fullmatch(r"3\.[01]\.\d+\S*", version) or not isinstance(document["openapi"], str):
        document["openapi"] = "3.0.3" if re.match(r"3(\.0.*)?$", version) else "3.1.1"
        notes.add("adjusted", "openapi", f"version {version} treated as {document['openapi']}")
    document["info"] = info = child(document, "info")
    for key, default in _INFO.items():
        found = info.get(key)
        if not isinstance(found, str):
            info[key] = str(found) if isinstance(found, int | float) else default
            why = "missing" if found is None else "not a string"
            notes.add("adjusted", f"info/{key}", f"{why}: set to {info[key]!r}")


def _servers(document: Object, notes: Notes) -> None:
    server = next(filter(is_object, children(document, "servers")), {"url": ""})
    url = str(server.get("url") or f"{_HOST}/v1")
    for name in child(server, "variables"):
        default = child(child(server, "variables"), name).get("default", "")
        url = url.replace(f"{{{name}}}", str(default))
    url = f"{_HOST}{url}" if url.startswith("/") else url
    if url != server.get("url"):
        document["servers"] = [{"url": url}]
        notes.add("adjusted", "servers", f"server set to {url}")


def _paths(document: Object, notes: Notes) -> None:
    result: Object = {}
    for name, item in child(document, "paths").items():
        path = name if name.startswith(("/", "x-")) else f"/{name}"
        if path != name:
            notes.add("adjusted", name, "leading slash added to the path")
        if path in result:
            notes.add("dropped", name, "the path is declared twice")
        elif path.startswith("x-") or is_object(item):
            result[path] = item
        else:
            notes.add("dropped", path, "the path has no operations")
        for key in _NEW_METHODS:
            if child(item, key):
                del item[key]
                what = "the generator does not support this OpenAPI 3.2 keyword"
                notes.add("left out", f"{path}: {key}", what)
    document["paths"] = result
