"""Makes the document acceptable to the generator: rejected schemas and operations are left out."""

import re
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
from tools.regenerate.walk import Operation, leave_out, named_schemas, operations

_TRIES: Final = 100
_OPERATION: Final = re.compile(r"WARNING parsing ([A-Z]+) (\S+) within ")
_SCHEMA: Final = re.compile(r"(?:parse|process) schema /components/schemas/(.+?):?$", re.MULTILINE)
_DUPLICATE: Final = re.compile(r'duplicate models with name "(\w+)"')


def fit(document: Object, configuration: Path) -> tuple[Object, list[Note]]:
    """Return a document whose operations can all be generated, and what was left out of it."""
    result: Object = copy(document)
    notes = Notes()
    if dropped := accept(result):
        result, more = normalise(result)  # dropping a keyword can cause a new mistake
        notes += [*dropped, *more, *accept(result)]
    config = _config(configuration)
    for _ in range(_TRIES):
        if not operations(result):
            return result, notes
        try:
            data = GeneratorData.from_dict(copy(result), config=config)
        except Exception:  # whatever it is, the other operations must not suffer
            _remove_crashing(result, config, notes)
            continue
        if isinstance(data, GeneratorError):
            raise ToolError(f"openapi-python-client: {data.header}: {data.detail}")
        parsed = data.endpoint_collections_by_tag.values()
        errors = [*data.errors, *(error for collection in parsed for error in collection.parse_errors)]
        if not (_corrected(result, errors, notes) or _left_out(result, errors, notes)):
            for error in errors:
                found = _operation(result, error)
                notes.add("incomplete", found.name if found else "openapi.yaml", _why(error))
            return result, notes
    raise ToolError(f"openapi-python-client still rejects the document after {_TRIES} corrections")


def _config(path: Path) -> Config:
    try:
        options = ConfigFile.load_from_path(path)
    except Exception as error:
        why = " ".join(str(error).split())
        raise ToolError(f"openapi-python-client: unable to parse {path.name}: {why}") from error
    return Config.from_sources(options, MetaType.NONE, Path("openapi.json"), "utf-8", False, None)


def _corrected(document: Object, errors: list[ParseError], notes: Notes) -> bool:
    """Rename or empty the first schema that an error is about, if any."""
    named = named_schemas(document)
    for error in errors:
        why = _why(error)
        duplicate = _DUPLICATE.search(why)
        if duplicate and (name := next((each for each in named if same(each) == same(duplicate[1])), None)):
            to = unique(f"{name}Model", set(map(same, named)))
            rename_schema(document, name, to, "another class uses that name", notes)
            return True
        schema = _SCHEMA.search(error.header) or _SCHEMA.search(error.detail or "")
        if schema and named.get(schema[1]):
            _empty(named, schema[1], why, notes)
            return True
    return False


def _left_out(document: Object, errors: list[ParseError], notes: Notes) -> bool:
    """Leave out the operations that the generator does not support, if any."""
    before = len(notes)
    for error in errors:
        if "Endpoint will not be generated" in error.header and (found := _operation(document, error)):
            leave_out(document, found.path, found.method)
            notes.add("left out", found.name, _why(error))
    return len(notes) > before


def _remove_crashing(document: Object, config: Config, notes: Notes) -> None:
    """Remove the schema, or else the operation, on which the generator crashes even when it is alone."""
    named = named_schemas(document)
    for name in named:
        alone = copy(document) | {"paths": {}}
        alone["components"]["schemas"] = {key: named[key] if key == name else {} for key in named}
        if named[name] and (why := _crash(alone, config)):
            _empty(named, name, why, notes)
            return
    for each in operations(document):
        if why := _crash(document | {"paths": {each.path: {each.method: each.node}}}, config):
            leave_out(document, each.path, each.method)
            notes.add("left out", each.name, why)
            return
    raise ToolError("openapi-python-client crashes on the document, but not on any single part of it")


def _crash(document: Object, config: Config) -> str:
    try:
        GeneratorData.from_dict(copy(document), config=config)
    except Exception as error:
        return f"the generator crashes ({type(error).__name__}: {' '.join(str(error).split())[:100]})"
    return ""


def _empty(named: Object, name: str, why: str, notes: Notes) -> None:
    named[name] = {}
    notes.add("incomplete", name, f"treated as any value: {why}")


def _operation(document: Object, error: ParseError) -> Operation | None:
    match = _OPERATION.match(error.header)
    name = match and f"{match[1]} {match[2]}"
    return next((each for each in operations(document) if each.name == name), None)


def _why(error: ParseError) -> str:
    header = "" if "WARNING parsing" in error.header else error.header
    why = " ".join(f"{header} {error.detail or ''}".split())
    return re.sub(r" for status code <\S+ object at \w+>", "", why) or "no reason given"
