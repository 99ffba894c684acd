"""What stands above the operations: the version, the title, the servers; and what stands beside them."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array, is_object
from tools.regenerate.walk import operations

# Where the API is: its documentation says so. For a document that names no server, or one without a host.
_HOST: Final = "https://api.mijnklantportaal.nl"
_SERVER: Final = f"{_HOST}/v1"
# What only OpenAPI 3.2 has, in a path item.
_NEW_METHODS: Final = ("query", "additionalOperations")


def read_head(document: Object, notes: Notes) -> None:
    """Read version, title and servers; say what is beside the operations and is not generated."""
    _version(document, notes)
    _info(document, notes)
    _servers(document, notes)
    _paths(document, notes)
    if document.pop("webhooks", None):
        notes.say("left out", "webhooks", "the client sends requests, it does not receive any")
    for each in operations(document):
        if each.node.pop("callbacks", None):
            notes.say(
                "incomplete", each.name, "its callbacks are left out: the client does not receive requests"
            )
        if each.node.pop("servers", None) or each.item.get("servers"):
            notes.say("incomplete", each.name, "its own `servers` are ignored: it is sent to the document's")
        if "security" in each.node and each.node["security"] == document.get("security"):
            # With one of its own, the generator would demand its other client class.
            del each.node["security"]
        elif each.node.get("security"):
            del each.node["security"]
            notes.say(
                "incomplete", each.name, "its own `security` is ignored: it is sent with the portal's key"
            )


def _version(document: Object, notes: Notes) -> None:
    version = str(document.get("openapi"))
    minor = int((re.match(r"3\.(\d+)", version) or [0, 1])[1])
    if re.fullmatch(r"3\.[01]\.\d+\S*", version) and isinstance(document["openapi"], str):
        return
    document["openapi"] = "3.0.3" if minor == 0 else "3.1.1"
    notes.say("read", "openapi", f"the version {version} as {document['openapi']}")


def _info(document: Object, notes: Notes) -> None:
    info: Object = document["info"] if is_object(document.get("info")) else {}
    for key, otherwise in (("title", "MijnKlantportaal API"), ("version", "unknown")):
        if not isinstance(info.get(key), str):
            told = info.get(key)
            info[key] = str(told) if isinstance(told, int | float) else otherwise
            notes.say(
                "read", f"info/{key}", f"{'no string' if told is not None else 'missing'}: {info[key]!r}"
            )
    document["info"] = info


def _servers(document: Object, notes: Notes) -> None:
    listed = document.get("servers")
    urls = [_url(server) for server in listed if is_object(server)] if is_array(listed) else []
    url = urls[0] if urls and urls[0] else _SERVER
    if url.startswith("/"):
        url = f"{_HOST}{url}"
    if not (is_array(listed) and listed and is_object(listed[0]) and listed[0].get("url") == url):
        notes.say("read", "servers", f"the server as {url}")
        document["servers"] = [{"url": url}]


def _url(server: Object) -> str:
    url = str(server.get("url", ""))
    variables = server.get("variables")
    for name, variable in variables.items() if is_object(variables) else ():
        if is_object(variable) and "default" in variable:
            url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url


def _paths(document: Object, notes: Notes) -> None:
    paths: Json = document.get("paths")
    if not is_object(paths):
        return
    for path, item in list(paths.items()):
        if path.startswith("x-"):
            continue
        if is_object(item):
            for key in _NEW_METHODS:
                if item.pop(key, None):
                    notes.say("left out", f"{path}: {key}", "OpenAPI 3.2's: the generator does not know it")
        else:
            del paths[path]
            notes.say("dropped", path, "the path holds no operations")
    if any(not path.startswith(("/", "x-")) for path in paths):
        renamed = {
            f"/{path}" if not path.startswith(("/", "x-")) else path: item for path, item in paths.items()
        }
        notes.say(
            "read",
            ", ".join(p for p in paths if not p.startswith(("/", "x-"))),
            "the path as one that begins with a slash",
        )
        document["paths"] = renamed
