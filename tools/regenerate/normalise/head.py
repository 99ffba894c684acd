"""Everything outside the operations' parameters, bodies and responses: version, info, servers, paths."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, child, children, is_object
from tools.regenerate.walk import operations

# The API's address according to its documentation, for a document that names no server or no host.
_HOST: Final = "https://api.mijnklantportaal.nl"
_SERVER: Final = f"{_HOST}/v1"
_INFO: Final = {"title": "MijnKlantportaal API", "version": "unknown"}
# Path item keywords that are new in OpenAPI 3.2.
_NEW_METHODS: Final = ("query", "additionalOperations")
_IGNORED: Final = {
    "callbacks": "the client cannot receive requests",
    "servers": "requests go to the document's server",
    # With it, the generator would require its other client class.
    "security": "requests carry the portal's API key",
}


def read_head(document: Object, notes: Notes) -> None:
    """Normalise version, info, servers and paths; note what no client is generated for."""
    _version(document, notes)
    _info(document, notes)
    _servers(document, notes)
    _paths(document, notes)
    if document.pop("webhooks", None):
        notes.say("left out", "webhooks", "the client cannot receive requests")
    for each in operations(document):
        if each.node.get("security") == document.get("security"):
            each.node.pop("security", None)
        for key, why in _IGNORED.items():
            if each.node.get(key) or each.item.get(key):
                each.node.pop(key, None)
                notes.say("incomplete", each.name, f"its own `{key}` is ignored: {why}")


def _version(document: Object, notes: Notes) -> None:
    version = str(document.get("openapi"))
    if not re.fullmatch(r"3\.[01]\.\d+\S*", version) or not isinstance(document["openapi"], str):
        document["openapi"] = "3.0.3" if re.match(r"3(\.0.*)?$", version) else "3.1.1"
        notes.say("adjusted", "openapi", f"version {version} treated as {document['openapi']}")


def _info(document: Object, notes: Notes) -> None:
    document["info"] = info = child(document, "info")
    for key, default in _INFO.items():
        found = info.get(key)
        if not isinstance(found, str):
            info[key] = str(found) if isinstance(found, int | float) else default
            why = "missing" if found is None else "not a string"
            notes.say("adjusted", f"info/{key}", f"{why}: set to {info[key]!r}")


def _servers(document: Object, notes: Notes) -> None:
    listed = children(document, "servers")
    first: Json = listed[0] if listed else {}
    named = url = str(first.get("url") or _SERVER) if is_object(first) else _SERVER
    variables = child(first, "variables")
    for name in variables:
        url = url.replace(f"{{{name}}}", str(child(variables, name).get("default", "")))
    url = f"{_HOST}{url}" if url.startswith("/") else url
    if url != named or not is_object(first) or "url" not in first:
        document["servers"] = [{"url": url}]
        notes.say("adjusted", "servers", f"server set to {url}")


def _paths(document: Object, notes: Notes) -> None:
    result: Object = {}
    for name, item in child(document, "paths").items():
        path = name if name.startswith(("/", "x-")) else f"/{name}"
        if path != name:
            notes.say("adjusted", name, "leading slash added to the path")
        if path in result:
            notes.say("dropped", name, "the path is declared twice")
        elif path.startswith("x-") or is_object(item):
            result[path] = item
        else:
            notes.say("dropped", path, "the path has no operations")
        for key in _NEW_METHODS:
            if child(item, key):
                del item[key]
                notes.say(
                    "left out", f"{path}: {key}", "the generator does not support this OpenAPI 3.2 keyword"
                )
    document["paths"] = result
