"""Compares answers with the document: what it rules out, and what it does not mention. No I/O."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from mijnklantportaal.document import Document, Json, Object, is_array, is_object, shipped
from mijnklantportaal.errors import MijnKlantportaalError

from .findings import Finding, Findings, Severity
from .validation import Validation

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from jsonschema import ValidationError

Place = tuple[str | int, ...]

LIST_CUSTOMERS = "GET /customers"
# Ids carry a prefix per resource, and the document's examples show it: `cst_abc12345def678`.
_ID = re.compile(r"[a-z]+_(?=[a-z0-9]*[0-9])[a-z0-9]+")
# A key that looks otherwise can be data, such as an address.
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,49}")
_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


class CannotCheckError(MijnKlantportaalError):
    """An answer that the document does not speak of: an error, such as 401, 429 or 503."""


class Check:
    """Compares the answers of one operation with the document; add them, then ask for the findings.

    Args:
        operation: The operation, such as `GET /customers`.
        document: Another document than the one that this client was generated from.

    Raises:
        LookupError: The document has no such operation.
    """

    def __init__(self, operation: str = LIST_CUSTOMERS, *, document: Document | None = None) -> None:
        self._document = document or shipped()
        self._validation = Validation(self._document)
        method, _, path = operation.partition(" ")
        self._operation = self._document.operation(method, path)
        self.operation = str(self._operation)
        self._findings = Findings(self.operation)
        self._objects: dict[str, int] = {}
        self._unseen: dict[str, set[str]] = {}

    def add_response(self, response: httpx.Response, *, page: int | None = None) -> None:
        """Compare an answer: its status, its content type, its body.

        Raises:
            CannotCheckError: Its status is not 2xx.
        """
        status = response.status_code
        if not response.is_success:
            raise CannotCheckError(f"{self.operation}: an answer with status {status} is not of the document")
        content = self._document.content(self._operation, status)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content is None:
            self._breach("$", "a documented status", f"status {status}", page)
        elif content and media_type not in content:
            got = f"content type {media_type}" if media_type else "no content type"
            self._breach("$", f"content type {' or '.join(content)}", got, page)
        elif content:
            try:
                body = json.loads(response.content)
            except (ValueError, RecursionError):
                self._breach("$", "JSON", "what cannot be read as JSON", page)
            else:
                self._compare(body, content[media_type], page)

    def add_body(self, body: Json, *, status: int = 200, page: int | None = None) -> None:
        """Compare the parsed JSON body of an answer.

        Raises:
            ValueError: The document has no body for this status.
        """
        content = self._document.content(self._operation, status)
        if not content:
            raise ValueError(f"the document has no body for {self.operation} with status {status}")
        self._compare(body, next(iter(content.values())), page)

    def add_breach(self, path: str, expected: str, got: str, *, page: int | None = None) -> None:
        """Note a breach that shows in no single body."""
        self._breach(path, expected, got, page)

    def findings(self) -> list[Finding]:
        """Everything found so far, one finding per place; breaches first.

        That a documented field never came can only be said of all answers together, so this looks at it.
        """
        result = Findings(self.operation)
        for path, names in self._unseen.items():
            for name in names:
                count = self._objects[path]
                result.add(
                    "drift", f"{path}{_step(name)}", "the field now and then", "never", page=None, count=count
                )
        found = self._findings.sorted() + result.sorted()
        return sorted(found, key=lambda finding: (finding.severity, finding.path))

    def _breach(self, path: str, expected: str, got: str, page: int | None) -> None:
        self._findings.add("breach", path, expected, got, page=page)

    def _compare(self, body: Json, schema: Json, page: int | None) -> None:
        walk = _Walk(self._document, body, schema)
        for path, documented, present in walk.objects:
            self._objects[path] = self._objects.get(path, 0) + 1
            self._unseen[path] = self._unseen.get(path, documented) - present
        for path, expected, got in walk.drift:
            self._findings.add("drift", path, expected, got, page=page)
        errors = self._validation.errors(body, schema)
        # A set, because each of several missing fields is reported with all of them.
        for place, severity, step, expected, got in {found for error in errors for found in _judged(error)}:
            path = walk.name(place) + step
            self._findings.add(severity, path, expected, got, page=page)


def check_response(response: httpx.Response, *, operation: str | None = None) -> list[Finding]:
    """Compare one answer with the document.

    Args:
        response: The answer; only its status, content type and body are looked at.
        operation: Its operation, such as `GET /customers`; by default that of the answer's own request, or,
            where it has none (a recorded answer), listing customers.

    Raises:
        CannotCheckError: Its status is not 2xx: the document speaks of successes only.
        LookupError: The document has no such operation.
    """
    if operation is None:
        try:
            operation = f"{response.request.method} {response.request.url.path}"
        except RuntimeError:  # what httpx raises where there is no request
            operation = LIST_CUSTOMERS
    check = Check(operation)
    check.add_response(response)
    return check.findings()


def check_body(body: Json, *, operation: str = LIST_CUSTOMERS) -> list[Finding]:
    """Compare a recorded body, parsed from JSON, with what the document says of a 200.

    Args:
        body: The body.
        operation: Its operation.

    Raises:
        LookupError: The document has no such operation.
        ValueError: It has no body for it.
    """
    check = Check(operation)
    check.add_body(body)
    return check.findings()


class _Walk:
    """Goes through an answer along its schema.

    Attributes:
        objects: For each object in the answer: where it is, the optional fields that the document knows
            there, and the fields that it has.
        drift: Path, expected, got, for what the document does not mention.
    """

    def __init__(self, document: Document, body: Json, schema: Json) -> None:
        self.objects: list[tuple[str, set[str], set[str]]] = []
        self.drift: list[tuple[str, str, str]] = []
        self._document = document
        self._names: dict[Place, str] = {}
        self._visit((), "$", body, [schema])

    def name(self, place: Place) -> str:
        """The path of a place without its indexes, and without keys that are data."""
        while place not in self._names:
            place = place[:-1]
        return self._names[place]

    def _visit(self, place: Place, path: str, value: Json, schemas: list[Json]) -> None:
        self._names[place] = path
        parts = list(self._document.parts(schemas))
        if is_object(value):
            self._visit_object(place, path, value, parts)
        elif is_array(value):
            items = [part["items"] for part in parts if "items" in part]
            for index, item in enumerate(value):
                self._visit((*place, index), f"{path}[*]", item, items)
        elif isinstance(value, str):
            for prefix in {prefix for part in parts if (prefix := _prefix(part))}:
                if not value.startswith(prefix):
                    self.drift.append((path, f"an id that starts with {prefix}", "one that does not"))

    def _visit_object(self, place: Place, path: str, value: Object, parts: list[Object]) -> None:
        documented = self._document.properties(parts)
        required = {name for part in parts for name in part.get("required", ())}
        self.objects.append((path, documented.keys() - required, set(value)))
        others = [
            part["additionalProperties"]
            for part in parts
            if isinstance(part.get("additionalProperties"), dict)
        ]
        for name, child in value.items():
            if name in documented:
                self._visit((*place, name), path + _step(name), child, documented[name])
            elif others:
                self._visit((*place, name), f"{path}.*", child, others)
            elif documented:
                self.drift.append((path + _step(name), "no such field", _type(child)))


def _judged(error: ValidationError) -> Iterator[tuple[Place, Severity, str, str, str]]:
    """Say of a validation error: the place, severity, the field that is missing there, expected, got."""
    place = tuple(error.absolute_path)
    kind = str(error.validator)
    value: Json = error.instance
    wanted: Json = error.validator_value
    if kind == "required":
        for name in wanted:
            if name not in value:
                yield place, "breach", _step(name), "to be there", "missing"
    elif kind in {"anyOf", "oneOf"} and (inner := _meant(error)):
        for each in inner:
            yield from _judged(each)
    elif kind == "type":
        yield place, "breach", "", " or ".join([wanted] if isinstance(wanted, str) else wanted), _type(value)
    elif kind == "enum" and _type(value) in {_type(each) for each in wanted}:
        yield place, "drift", "", "one of the documented values", f"another {_type(value)}"
    elif kind in {"anyOf", "oneOf", "enum", "const", "not"}:
        yield place, "breach", "", f"what `{kind}` documents", _type(value)
    else:
        yield place, "breach", "", f"{kind} {wanted}", f"{_type(value)} that is not"


def _meant(error: ValidationError) -> list[ValidationError]:
    """The errors of the one alternative that has the value's type, if there is just one."""
    branches: dict[str | int, list[ValidationError]] = {}
    for each in error.context or ():
        branches.setdefault(each.relative_schema_path[0], []).append(each)
    fitting = [
        errors
        for errors in branches.values()
        if not any(each.validator == "type" and not each.relative_path for each in errors)
    ]
    return fitting[0] if len(fitting) == 1 else []


def _prefix(schema: Object) -> str | None:
    example = schema.get("example")
    if not isinstance(example, str) or "enum" in schema or not _ID.fullmatch(example):
        return None
    return example.partition("_")[0] + "_"


def _step(name: str) -> str:
    return f".{name}" if _FIELD_NAME.fullmatch(name) else "['…']"


def _type(value: Json) -> str:
    return _TYPES[type(value)]
