"""From upstream's document and our overlay to the effective document, which the client is generated from."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tools.regenerate import overlay as overlays
from tools.regenerate.normalise import METHODS, normalise, schemas
from tools.regenerate.notes import Note
from tools.regenerate.tree import Json, Object, ToolError, is_array, is_object


class DocumentError(ToolError):
    """The document cannot be read, or is not fit to generate a client from."""


class _Constructor(SafeConstructor):
    """Leaves an unquoted timestamp the string that it is in JSON."""


_untyped: Any = _Constructor  # ruamel.yaml's own types are incomplete, here and below
_untyped.add_constructor("tag:yaml.org,2002:timestamp", _untyped.construct_yaml_str)


def load(data: bytes, name: str) -> Json:
    """Parse YAML 1.2 (or JSON) into what JSON can hold.

    Args:
        data: The file's content.
        name: The file's name, for the error.

    Raises:
        DocumentError: One line with file, line (where known) and cause; duplicate keys are an error too.
    """
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    try:
        tree: Json = yaml.load(data.decode("utf-8-sig"))
        json.dumps(tree, allow_nan=False)
    except MarkedYAMLError as error:
        cause: Any = error
        line = f":{cause.problem_mark.line + 1}" if cause.problem_mark else ""
        # The value of a duplicate key can be a whole section of the document.
        problem = str(cause.problem).partition(" with value ")[0]
        raise DocumentError(f"{name}{line}: {problem}") from error
    except YAMLError as error:
        raise DocumentError(f"{name}: {' '.join(str(error).split())}") from error
    except (ValueError, TypeError, RecursionError) as error:
        # Bytes that are no UTF-8, .nan and .inf, aliases that contain themselves, keys that are lists.
        raise DocumentError(f"{name}: not a JSON-compatible document: {error}") from error
    return tree


def effective(openapi: bytes, overlay: bytes) -> tuple[Object, list[Note]]:
    """Return the normalised document with the overlay applied, and what there is to say about it.

    Raises:
        ToolError: One line that says what to look at.
    """
    document = load(openapi, "openapi.yaml")
    if not is_object(document):
        raise DocumentError("openapi.yaml: not a mapping")
    version = document.get("openapi")
    if not (isinstance(version, str) and re.fullmatch(r"3\.\d+\.\d+\S*", version)):
        raise DocumentError(f"openapi.yaml: `openapi` must be a string such as '3.1.1', not {version!r}")
    if not is_object(document.get("paths")):
        raise DocumentError("openapi.yaml: `paths` is missing or not a mapping")
    normalised, notes = normalise(document)
    result = overlays.apply(normalised, load(overlay, "overlay.yaml"))
    check(result)
    return result, notes


def check(document: Object) -> None:
    """Check what the effective document must keep to, references resolved.

    An operation's parameter that repeats one of its path is no duplicate: OpenAPI lets it override that one.

    Raises:
        DocumentError: Names the place or the operation.
    """
    for where, schema in schemas(document):
        if isinstance(schema.get("nullable"), bool):
            raise DocumentError(f"{where}: `nullable` is left over; OpenAPI 3.1 writes type: [..., 'null']")
        if isinstance(reference := schema.get("$ref"), str):
            _pointed_at(document, reference, where)
    names: set[str] = set()
    paths = _object(document, document.get("paths"), "paths")
    for path, unresolved in paths.items():
        if not path.startswith("/"):
            continue
        item = _object(document, unresolved, path)
        shared = _parameters(document, item, path)
        for method in METHODS:
            if method not in item:
                continue
            name = f"{method.upper()} {path}"
            operation = _object(document, item[method], name)
            # The generator writes operations whose names differ by punctuation only over each other.
            module = re.sub(r"[\W_]", "", str(operation.get("operationId", name))).lower()
            if module in names:
                raise DocumentError(f"{name}: another operation has its operationId too")
            names.add(module)
            parameters = shared | _parameters(document, operation, name)
            if method != "get" or ("page", "query") in parameters:
                continue
            if _is_paginated(document, operation, name):
                raise DocumentError(
                    f"{name}: its answer has next_page_url, but it has no query parameter `page`, "
                    "and the `page` action of overlay.yaml does not reach it"
                )


def _parameters(document: Object, owner: Object, name: str) -> set[tuple[Json, Json]]:
    found: set[tuple[Json, Json]] = set()
    parameters = owner.get("parameters", [])
    if not is_array(parameters):
        raise DocumentError(f"{name}: `parameters` is not a list")
    for unresolved in parameters:
        parameter = _object(document, unresolved, name)
        key = (parameter.get("name"), parameter.get("in"))
        if key in found:
            raise DocumentError(f"{name}: the {key[1]} parameter `{key[0]}` is declared twice")
        found.add(key)
    return found


def _is_paginated(document: Object, operation: Object, name: str) -> bool:
    for status, unresolved in _object(document, operation.get("responses", {}), name).items():
        content = _object(document, unresolved, f"{name} {status}").get("content", {})
        for media_type in _object(document, content, f"{name} {status}").values():
            if is_object(media_type) and any(
                is_object(properties := schema.get("properties")) and "next_page_url" in properties
                for schema in _composed_of(document, media_type.get("schema"), name, set())
            ):
                return True
    return False


def _composed_of(document: Object, unresolved: Json, name: str, seen: set[int]) -> Iterator[Object]:
    """Yield a schema and those that it is put together from."""
    if not is_object(unresolved):
        return
    schema = _object(document, unresolved, name)
    if id(schema) in seen:
        return
    seen.add(id(schema))
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        if is_array(parts := schema.get(keyword)):
            for part in parts:
                yield from _composed_of(document, part, name, seen)


def _object(document: Object, node: Json, name: str) -> Object:
    """Follow references until they end; what they lead to must be an object."""
    seen: set[str] = set()
    while is_object(node) and isinstance(reference := node.get("$ref"), str):
        if reference in seen:
            raise DocumentError(f"{name}: the reference {reference} leads back to itself")
        seen.add(reference)
        node = _pointed_at(document, reference, name)
    if not is_object(node):
        raise DocumentError(f"{name}: found {json.dumps(node)[:60]} where an object should be")
    return node


def _pointed_at(document: Object, reference: str, name: str) -> Json:
    if not reference.startswith("#/"):
        raise DocumentError(f"{name}: the reference {reference} leads out of the document")
    node: Json = document
    for part in unquote(reference[2:]).split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if is_object(node) and key in node:
            node = node[key]
        elif is_array(node) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            raise DocumentError(f"{name}: the reference {reference} leads nowhere")
    return node
