"""Builds the effective document, from which the client is generated: normalised, with the overlay applied."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tools.regenerate.normalise import normalise
from tools.regenerate.normalise.envelopes import paginated
from tools.regenerate.notes import Note
from tools.regenerate.tree import Json, Object, ToolError, is_object
from tools.regenerate.walk import operations


class DocumentError(ToolError):
    """The document cannot be read, or is not an OpenAPI 3 document."""


class _Constructor(SafeConstructor):
    """Loads an unquoted timestamp as a string, as JSON has it."""


_untyped: Any = _Constructor  # ruamel.yaml's own types are incomplete, here and below
_untyped.add_constructor("tag:yaml.org,2002:timestamp", _untyped.construct_yaml_str)


def load(data: bytes, name: str) -> Json:
    """Parse YAML 1.2 (or JSON) into JSON values; keys become strings, such as `200:`.

    Args:
        data: The file's content.
        name: The file's name, for the error.

    Raises:
        DocumentError: One line with file, line (if known) and cause.
    """
    try:
        return json.loads(_parse(data)[0])
    except MarkedYAMLError as error:
        cause: Any = error
        line = f":{cause.problem_mark.line + 1}" if cause.problem_mark else ""
        raise DocumentError(f"{name}{line}: {cause.problem}") from error
    except YAMLError as error:
        raise DocumentError(f"{name}: {' '.join(str(error).split())}") from error
    except (ValueError, TypeError, RecursionError) as error:
        # Not UTF-8; .nan and .inf; aliases that contain themselves; keys that are lists.
        raise DocumentError(f"{name}: not a JSON-compatible document: {error}") from error


def duplicates(data: bytes, name: str) -> list[Note]:
    """Return a note for each key that occurs twice in the same mapping; `load` reads the first."""
    what = "key `{}` occurs a second time in its mapping: the first is used"
    return [Note("dropped", f"{name}:{line}", what.format(key)) for line, key in _parse(data)[1]]


@lru_cache(maxsize=4)  # large documents take half a second, and are read several times
def _parse(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    """Return the document as JSON, and the line and the name of each duplicate key."""
    text = data.decode("utf-8-sig")
    with suppress(ValueError):
        return json.dumps(json.loads(text, object_pairs_hook=_unique), allow_nan=False), []
    repeated: list[tuple[int, str]] = []

    class Constructor(_Constructor):
        def check_mapping_key(self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any) -> bool:  # noqa: ARG002
            """Add a key as JSON has it, unless it is there: 200 and "200" are the same."""
            (name,) = (key,) if isinstance(key, str) else json.loads(json.dumps({key: None}))
            if name in mapping:
                repeated.append((key_node.start_mark.line + 1, name))
            mapping.setdefault(name, value)
            return False  # there is nothing left to add

    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Constructor = Constructor
    return json.dumps(yaml.load(text), allow_nan=False), repeated


def _unique(pairs: list[tuple[str, Json]]) -> Object:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a key occurs twice: read as YAML, which has the line")
    return result


def effective(openapi: bytes, overlay: bytes) -> tuple[Object, list[Note]]:
    """Return the normalised document with the overlay applied, and the notes on it.

    Raises:
        ToolError: The document or the overlay is invalid.
    """
    document = load(openapi, "openapi.yaml")
    if not is_object(document):
        raise DocumentError("openapi.yaml: not a mapping")
    version = document.get("openapi")
    if isinstance(version, bool) or not re.fullmatch(r"3(\.\d+)*\S*", str(version)):
        raise DocumentError(f"openapi.yaml: `openapi` must be a version such as '3.1.1', not {version!r}")
    if not is_object(document.get("paths")):
        raise DocumentError("openapi.yaml: `paths` is missing or not a mapping")
    normalised, notes = normalise(document)
    # Here, because tests with the lowest versions load documents without pydantic.
    from tools.regenerate import overlay as overlays  # noqa: PLC0415

    result, more = overlays.apply(normalised, load(overlay, "overlay.yaml"))
    repeated = [*duplicates(openapi, "openapi.yaml"), *duplicates(overlay, "overlay.yaml")]
    return result, [*repeated, *notes, *more, *_without_page(result)]


def _without_page(document: Object) -> Iterator[Note]:
    for each in operations(document):
        if paginated(each) and not any(
            (parameter["name"], parameter["in"]) == ("page", "query")
            for parameter in each.node.get("parameters", ())
        ):
            yield Note("incomplete", each.name, "no query parameter `page`: the list cannot be paginated")
