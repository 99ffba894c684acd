"""Makes the document acceptable to the generator: rejected schemas and operations are left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError

from tools.regenerate.accepted import accept
from tools.regenerate.normalise import normalise
from tools.regenerate.normalise.names import rename_schema, same, unique
from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Object, ToolError, copy
from tools.regenerate.walk import NAMED, Operation, leave_out, named_schemas, operations

_TRIES: Final = 100
_OPERATION: Final = re.compile(r"WARNING parsing ([A-Z]+) (\S+) within ")
_SCHEMA: Final = re.compile(r"(?:parse|process) schema /components/schemas/(.+?):?$", re.MULTILINE)
_DUPLICATE: Final = re.compile(r'duplicate models with name "(\w+)"')


def fit(document: Object, configuration: Path) -> tuple[Object, list[Note]]:
    """Return a document whose operations can all be generated, and what was left out of it.

    Raises:
        ToolError: Nothing is left.
    """
    result: Object = copy(document)
    notes = Notes()
    if dropped := accept(result):
        result, more = normalise(result)  # a dropped keyword can leave a new slip
        notes += [*dropped, *more, *accept(result)]
    config = _config(configuration)
    for _ in range(_TRIES):
        if not any(operations(result)):
            raise ToolError("openapi.yaml: no client can be generated from any of its operations")
        try:
            data = GeneratorData.from_dict(copy(result), config=config)
        except Exception:  # whatever it is, the other operations must not suffer
            _isolate(result, config, notes)
            continue
        if isinstance(data, GeneratorError):
            raise ToolError(f"openapi-python-client: {data.header}: {data.detail}")
        if not _repaired(result, list(_errors(data)), notes):
            return result, notes
    raise ToolError(f"openapi-python-client still rejects the document after {_TRIES} corrections")


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


def _repaired(document: Object, errors: list[ParseError], notes: Notes) -> bool:
    """Remove what the errors are about, and return whether that changed the document; note the others."""
    named = named_schemas(document)
    for error in errors:
        why = _why(error)
        duplicate = _DUPLICATE.search(why)
        if duplicate and (name := next((each for each in named if same(each) == same(duplicate[1])), None)):
            rename_schema(
                document,
                name,
                unique(f"{name}Model", set(map(same, named))),
                "another class uses that name",
                notes,
            )
            return True
        schema = _SCHEMA.search(error.header) or _SCHEMA.search(error.detail or "")
        if schema and named.get(schema[1]):
            named[schema[1]] = {}
            notes.say("incomplete", f"{NAMED}{schema[1]}", f"treated as any value: {why}")
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


def _operation(document: Object, error: ParseError) -> Operation | None:
    said = _OPERATION.match(error.header)
    return next((each for each in operations(document) if said and each.name == f"{said[1]} {said[2]}"), None)


def _why(error: ParseError) -> str:
    header = "" if "WARNING parsing" in error.header else error.header
    return " ".join(f"{header} {error.detail or ''}".split()) or "no reason given"


def _isolate(document: Object, config: Config, notes: Notes) -> None:
    """Remove the schema, or else the operation, on which the generator crashes even when it is alone."""
    named = named_schemas(document)
    for name in named:
        alone = copy(document) | {"paths": {}}
        alone["components"]["schemas"] = {key: named[key] if key == name else {} for key in named}
        if (why := _failure(alone, config)) and named[name]:
            named[name] = {}
            notes.say("incomplete", f"{NAMED}{name}", f"treated as any value: the generator crashes ({why})")
            return
    for each in list(operations(document)):
        alone = copy(document) | {"paths": {each.path: {each.method: copy(each.node)}}}
        if why := _failure(alone, config):
            leave_out(document, each.path, each.method)
            notes.say("left out", each.name, f"the generator crashes ({why})")
            return
    raise ToolError("openapi-python-client crashes on the document, but not on any single part of it")


def _failure(document: Object, config: Config) -> str:
    try:
        GeneratorData.from_dict(document, config=config)
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"
    return ""
