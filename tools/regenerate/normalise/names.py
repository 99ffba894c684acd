"""Names: if two would lead to the same file or class, the second is renamed."""

import re
from collections.abc import Container
from typing import Final

from tools.regenerate.notes import Notes
from tools.regenerate.tree import Object, child, children, is_array
from tools.regenerate.walk import NAMED, Operation, named_schemas, operations, schemas

# What src/mijnklantportaal/portal.py imports, whatever the document calls it.
WRAPPED: Final = ("GET", "/customers")
_OPERATION_ID: Final = "list-customers"
_TAG: Final = "Customers API"
_TITLE: Final = "CustomerPage"

# Names that the generated modules use: a class with such a name would shadow them.
_RESERVED: Final = frozenset([
    "any", "authenticatedclient", "binaryio", "cast", "client", "date", "datetime", "errors", "file",
    "filetypes", "generator", "generic", "httpstatus", "httpx", "io", "json", "literal", "mapping",
    "mutablemapping", "requestfiles", "response", "t", "textio", "types", "typechecking", "typevar", "unset",
    "uuid",
])  # fmt: skip


def normalise_names(document: Object, notes: Notes) -> None:
    """Make tags, operationIds and the names of schemas valid and unique."""
    taken: set[str] = set()
    for each in sorted(operations(document), key=lambda each: not each.is_(*WRAPPED)):
        if each.is_(*WRAPPED) and not taken:
            _name_wrapped(each, notes)
        tags = each.node.get("tags", [])
        if not is_array(tags) or not all(isinstance(tag, str) for tag in tags):
            each.node["tags"] = [str(tag) for tag in (tags if is_array(tags) else [tags])]
            notes.add("adjusted", each.name, "`tags` treated as a list of strings")
        found = each.node.get("operationId")
        if not isinstance(found, str) or not same(found) or same(found) in taken:
            base = re.sub(r"[\W_]+", "-", each.name.lower()).strip("-")
            each.node["operationId"] = unique(base, taken)
            why = f"`{found}` is not unique" if found else "it is missing"
            notes.add("adjusted", each.name, f"operationId set to {each.node['operationId']}: {why}")
        taken.add(same(each.node["operationId"]))
    _classes(document, notes)


def same(name: str) -> str:
    """Return what is equal for names that lead to the same file or class."""
    return re.sub(r"[\W_]", "", name).lower()


def rename_schema(document: Object, name: str, to: str, why: str, notes: Notes) -> None:
    """Rename a schema, and every reference to it."""
    named = document["components"]["schemas"]
    document["components"]["schemas"] = {to if key == name else key: value for key, value in named.items()}
    escaped = name.replace("~", "~0").replace("/", "~1")
    for _, schema in schemas(document):
        if schema.get("$ref") in {f"{NAMED}{name}", f"{NAMED}{escaped}"}:
            schema["$ref"] = f"{NAMED}{to}"
    notes.add("adjusted", name, f"renamed to {to}: {why}")


def _name_wrapped(operation: Operation, notes: Notes) -> None:
    """Give an operation the names that the wrapper imports."""
    if operation.node.get("operationId") != _OPERATION_ID or children(operation.node, "tags")[:1] != [_TAG]:
        names = f"tag and operationId set to {_TAG} and {_OPERATION_ID}"
        notes.add("adjusted", operation.name, f"{names}, which the wrapper imports")
    operation.node.update(operationId=_OPERATION_ID, tags=[_TAG])
    for response in operation.node["responses"].values():
        schema = child(child(child(response, "content"), "application/json"), "schema")
        if "title" in schema:
            schema["title"] = _TITLE


def _classes(document: Object, notes: Notes) -> None:
    taken = {same(schema["title"]) for _, schema in schemas(document) if isinstance(schema.get("title"), str)}
    for name in list(named_schemas(document)):
        if not same(name) or same(name) in taken | _RESERVED:
            why = "the generated code" if same(name) in _RESERVED else "another class"
            to = unique(f"{name if same(name) else ''}Model", taken | _RESERVED)
            rename_schema(document, name, to, f"{why} uses that name", notes)
            taken.add(same(to))
        taken.add(same(name))


def unique(base: str, taken: Container[str]) -> str:
    """Number a name until its file and class are unique; `taken` holds results of `same`."""
    name, number = base, 1
    while same(name) in taken:
        number += 1
        name = f"{base}-{number}"
    return name
