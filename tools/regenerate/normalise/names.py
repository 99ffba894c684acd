"""Names: of what would become one file or one class, the later gets a telling name."""

import re
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_array, is_object
from tools.regenerate.walk import operations, schemas

# What src/mijnklantportaal/portal.py imports, whatever tag and operationId the document gives it.
WRAPPED: Final = ("GET", "/customers")
_OPERATION_ID: Final = "list-customers"
_TAG: Final = "Customers API"
_TITLE: Final = "CustomerPage"

# Names that the generated modules use themselves: a class of that name would shadow them.
_RESERVED: Final = frozenset(
    [
        "any",
        "authenticatedclient",
        "binaryio",
        "cast",
        "client",
        "date",
        "datetime",
        "errors",
        "file",
        "filetypes",
        "generator",
        "generic",
        "httpstatus",
        "httpx",
        "io",
        "json",
        "literal",
        "mapping",
        "mutablemapping",
        "requestfiles",
        "response",
        "t",
        "textio",
        "types",
        "typechecking",
        "typevar",
        "unset",
        "uuid",
    ]
)


def read_names(document: Object, notes: Notes) -> None:
    """Read tags, operationIds and the names of schemas."""
    _operations(document, notes)
    _classes(document, notes)


def same(name: str) -> str:
    """Give what two names have in common that become the same file or class."""
    return re.sub(r"[\W_]", "", name).lower()


def _operations(document: Object, notes: Notes) -> None:
    found = list(operations(document))
    wrapped = [each for each in found if (each.method.upper(), each.path.rstrip("/")) == WRAPPED]
    for each in wrapped[:1]:
        tags: Json = each.node.get("tags")
        if each.node.get("operationId") != _OPERATION_ID or not (is_array(tags) and tags[:1] == [_TAG]):
            notes.say(
                "read",
                each.name,
                f"its tag and operationId as {_TAG} and {_OPERATION_ID}: the wrapper calls it",
            )
        each.node.update(operationId=_OPERATION_ID, tags=[_TAG])
        for answer in each.node["responses"].values():
            if is_object(schema := _json(answer)) and "title" in schema:
                schema["title"] = _TITLE
    taken = {same(_OPERATION_ID)} if wrapped else set[str]()
    for each in found:
        tags = each.node.get("tags")
        if "tags" in each.node and not (is_array(tags) and all(isinstance(tag, str) for tag in tags)):
            each.node["tags"] = [str(tag) for tag in (tags if is_array(tags) else [tags])]
            notes.say("read", each.name, "`tags` as a list of strings")
        if each in wrapped[:1]:
            continue
        told: Json = each.node.get("operationId")
        if isinstance(told, str) and same(told) and same(told) not in taken:
            taken.add(same(told))
            continue
        name = base = re.sub(r"[\W_]+", "-", each.name.lower()).strip("-")
        number = 1
        while same(name) in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(same(name))
        each.node["operationId"] = name
        why = "another operation has it" if isinstance(told, str) and same(told) else "it has none"
        notes.say(
            "read",
            each.name,
            f"the operationId {told} as {name}: {why}" if told else f"its operationId as {name}",
        )


def _json(answer: Object) -> Json:
    content: Json = answer.get("content") or {}
    media: Json = content.get("application/json")
    return media.get("schema") if is_object(media) else None


def _classes(document: Object, notes: Notes) -> None:
    components = document.get("components")
    named = components.get("schemas") if is_object(components) else None
    if not is_object(named):
        return
    titles = {
        same(schema["title"]) for _, schema in schemas(document) if isinstance(schema.get("title"), str)
    }
    taken = {*titles, *_RESERVED}
    for told in list(named):
        name = told
        if not same(told) or same(told) in taken:
            reserved = same(told) in _RESERVED
            why = "the generated code uses that name" if reserved else "another class has that name"
            name = _telling(told, taken)
            rename_schema(document, told, name, why, notes)
        taken.add(same(name))


def _telling(name: str, taken: set[str]) -> str:
    base = f"{name if same(name) else ''}Model"
    found, number = base, 1
    while same(found) in taken:
        number += 1
        found = f"{base}{number}"
    return found


def rename_schema(document: Object, name: str, to: str, why: str, notes: Notes) -> None:
    """Give a schema another name, where it stands and wherever it is referred to."""
    named = document["components"]["schemas"]
    document["components"]["schemas"] = {to if key == name else key: value for key, value in named.items()}
    escaped = name.replace("~", "~0").replace("/", "~1")
    for _, schema in schemas(document):
        if schema.get("$ref") in {f"#/components/schemas/{name}", f"#/components/schemas/{escaped}"}:
            schema["$ref"] = f"#/components/schemas/{to}"
    notes.say("read", f"#/components/schemas/{name}", f"the name {name} as {to}: {why}")
