"""Makes the document one that the generator takes: what it refuses is left out, by schema or by operation."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError

from tools.regenerate.accepted import accept
from tools.regenerate.normalise import normalise
from tools.regenerate.normalise.names import rename_schema, same
from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Object, ToolError, copy
from tools.regenerate.walk import Operation, leave_out, operations

_TRIES: Final = 100
_OPERATION: Final = re.compile(r"WARNING parsing ([A-Z]+) (\S+) within ")
_SCHEMA: Final = re.compile(r"(?:parse|process) schema /components/schemas/(.+?):?$", re.MULTILINE)
_DUPLICATE: Final = re.compile(r'duplicate models with name "(\w+)"')


def fit(document: Object, configuration: Path) -> tuple[Object, list[Note]]:
    """Return a document of which the generator takes every operation, and what was left out for that.

    Raises:
        ToolError: Nothing is left.
    """
    result: Object = copy(document)
    notes = Notes()
    if dropped := accept(result):
        result, more = normalise(result)  # what is missing now has one meaning, too
        notes += [*dropped, *more, *accept(result)]
    config = _config(configuration)
    for _ in range(_TRIES):
        if not any(operations(result)):
            raise ToolError("openapi.yaml: no operation is left that a client can be generated from")
        try:
            data = GeneratorData.from_dict(copy(result), config=config)
        except Exception:  # whatever it is, it must not hold the other operations hostage
            _isolate(result, config, notes)
            continue
        if isinstance(data, GeneratorError):
            raise ToolError(f"openapi-python-client: {data.header}: {data.detail}")
        if not _mended(result, list(_errors(data)), notes):
            return result, notes
    raise ToolError("openapi-python-client refuses one part of the document after the other")


def _config(path: Path) -> Config:
    try:
        options = ConfigFile.load_from_path(path)
    except Exception as error:
        why = " ".join(str(error).split())
        raise ToolError(f"openapi-python-client: unable to parse {path.name}: {why}") from error
    return Config.from_sources(options, MetaType.NONE, Path("openapi.json"), "utf-8", False, None)


def _errors(data: GeneratorData) -> Iterator[ParseError]:
    yield from data.errors
    for collection in data.endpoint_collections_by_tag.values():
        yield from collection.parse_errors


def _mended(document: Object, errors: list[ParseError], notes: Notes) -> bool:
    """Take out of the document what the errors are about; false if they are warnings that stay."""
    named = document.get("components", {}).get("schemas", {})
    for error in errors:
        why = _why(error)
        duplicate = _DUPLICATE.search(why)
        if duplicate and (name := next((each for each in named if same(each) == same(duplicate[1])), None)):
            rename_schema(document, name, _free(name, document), "another class has that name", notes)
            return True
        schema = _SCHEMA.search(error.header) or _SCHEMA.search(error.detail or "")
        if schema and named.get(schema[1]):
            named[schema[1]] = {}
            notes.say(
                "incomplete", f"#/components/schemas/{schema[1]}", f"any value, as the generator says: {why}"
            )
            return True
    left_out = False
    for error in errors:
        if "Endpoint will not be generated" in error.header and (found := _operation(document, error)):
            leave_out(document, found.path, found.method)
            notes.say("left out", found.name, _why(error))
            left_out = True
    if not left_out:
        for error in errors:
            found = _operation(document, error)
            notes.say("incomplete", found.name if found else "openapi.yaml", _why(error))
    return left_out


def _free(name: str, document: Object) -> str:
    taken = {same(each) for each in document["components"]["schemas"]}
    return next(
        each for n in range(1, _TRIES) if same(each := f"{name}Model{n if n > 1 else ''}") not in taken
    )


def _operation(document: Object, error: ParseError) -> Operation | None:
    said = _OPERATION.match(error.header)
    return next((each for each in operations(document) if said and each.name == f"{said[1]} {said[2]}"), None)


def _why(error: ParseError) -> str:
    header = "" if "WARNING parsing" in error.header else error.header
    return " ".join(f"{header} {error.detail or ''}".split()) or "no reason given"


def _isolate(document: Object, config: Config, notes: Notes) -> None:
    """Find what the generator fails on, alone: first among the schemas, then among the operations."""
    named = document.get("components", {}).get("schemas", {})
    for name in named:
        alone = copy(document) | {"paths": {}}
        alone["components"]["schemas"] = {key: named[key] if key == name else {} for key in named}
        if (why := _failure(alone, config)) and named[name]:
            named[name] = {}
            notes.say(
                "incomplete", f"#/components/schemas/{name}", f"any value: the generator fails on it ({why})"
            )
            return
    for each in list(operations(document)):
        alone = copy(document) | {"paths": {each.path: {each.method: copy(each.node)}}}
        if why := _failure(alone, config):
            leave_out(document, each.path, each.method)
            notes.say("left out", each.name, f"the generator fails on it ({why})")
            return
    raise ToolError("openapi-python-client fails on the document, and not on one part of it")


def _failure(document: Object, config: Config) -> str:
    try:
        GeneratorData.from_dict(document, config=config)
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"
    return ""
