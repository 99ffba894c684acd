"""Compares responses with the document: what it rules out, and what it does not mention. No I/O."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

from mijnklantportaal.document import Document, Json, Object, is_array, is_object, shipped
from mijnklantportaal.document.mismatch import step, type_name
from mijnklantportaal.errors import MijnKlantportaalError

from .findings import Finding, Severity
from .shape import Seen, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from jsonschema import ValidationError

Place = tuple[str | int, ...]

LIST_CUSTOMERS = "GET /customers"
# Named one by one, so that what is checked does not depend on what else is installed.
_FORMATS = FormatChecker(["date", "date-time"])


class CannotCheckError(MijnKlantportaalError):
    """A response that the document does not speak of: an error, such as 401, 429 or 503."""


class Check:
    """Compares the responses of one operation with the document; add them, then ask for the findings.

    Args:
        operation: The operation, such as `GET /customers`.
        document: Another document than the one that this client was generated from.

    Raises:
        LookupError: The document has no such operation.
    """

    def __init__(self, operation: str = LIST_CUSTOMERS, *, document: Document | None = None) -> None:
        self._document = document or shipped()
        self._validator: Any = Draft202012Validator(self._document.contents, format_checker=_FORMATS)
        method, _, path = operation.partition(" ")
        self._operation = self._document.operation(method, path)
        self.operation = str(self._operation)
        self._found: dict[Finding, Finding] = {}
        self._shape = Shape()

    def add_response(self, response: httpx.Response, *, page: int | None = None) -> None:
        """Compare a response: its status, its content type, its body.

        Raises:
            CannotCheckError: Its status is not 2xx.
        """
        status = response.status_code
        for name in ("Deprecation", "Sunset"):
            if name in response.headers:
                got = f"{name}: {response.headers[name][:40]}"
                self.add("drift", "$", "deprecated", f"no header {name}", got, page=page)
        if not response.is_success:
            raise CannotCheckError(f"{self.operation}: the document does not speak of status {status}")
        content = self._document.content(self._operation, status)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content is None:
            self.add("breach", "$", "status", "a documented status", f"status {status}", page=page)
        elif content and media_type not in content:
            got = f"content type {media_type}" if media_type else "no content type"
            self.add("breach", "$", "content type", f"content type {' or '.join(content)}", got, page=page)
        elif content:
            try:
                body = json.loads(response.content)
            except (ValueError, RecursionError):
                self.add("breach", "$", "not JSON", "JSON", "what cannot be read as JSON", page=page)
            else:
                self._compare(body, content[media_type], page)

    def add_body(self, body: Json, *, status: int = 200, page: int | None = None) -> None:
        """Compare the parsed JSON body of a response.

        Raises:
            ValueError: The document has no body for this status.
        """
        content = self._document.content(self._operation, status)
        if not content:
            raise ValueError(f"the document has no body for {self.operation} with status {status}")
        self._compare(body, next(iter(content.values())), page)

    def add(
        self,
        severity: Severity,
        path: str,
        kind: str,
        expected: str,
        got: str,
        *,
        page: int | None = None,
        count: int = 1,
    ) -> None:
        """Note that something was found; the same again only counts."""
        new = Finding(severity, path, kind, self.operation, expected, got, 0, page)
        known = self._found.get(new, new)
        self._found[new] = replace(known, count=known.count + count)

    @property
    def breaches(self) -> int:
        """How many breaches were found so far, each time counted."""
        return sum(each.count for each in self._found.values() if each.severity == "breach")

    def shape(self) -> dict[str, Seen]:
        """How often each place was seen so far: what a baseline records."""
        return self._shape.seen()

    def findings(self, baseline: dict[str, Seen] | None = None) -> list[Finding]:
        """Everything found so far, one finding per place; breaches first.

        That a documented field never came can only be said of all responses together, so this looks at it;
        and at what has changed since the baseline, if one is given.
        """
        found = list(self._found.values())
        known = {(each.path, each.kind) for each in found}
        overall = self._shape.findings(self.operation, baseline)
        found += [each for each in overall if (each.path, each.kind) not in known]
        return sorted(found, key=lambda each: (each.severity, each.path, each.kind, each.expected, each.got))

    def _compare(self, body: Json, schema: Json, page: int | None) -> None:
        walk = _Walk(self._document, body, schema, self._shape)
        for kind, path, expected, got in walk.drift:
            self.add("drift", path, kind, expected, got, page=page)
        # Against the schema, with the document as the root that its references lead to.
        errors = self._validator.descend(body, schema)
        # A set, because each of several missing fields is reported with all of them.
        for place, kind, name, expected, got in {found for error in errors for found in _judged(error)}:
            self.add("breach", walk.name(place) + name, kind, expected, got, page=page)


def check_response(response: httpx.Response, *, operation: str | None = None) -> list[Finding]:
    """Compare one response with the document.

    Args:
        response: The response; only its status, content type and body are looked at.
        operation: Its operation, such as `GET /customers`; by default that of the response's own request,
            or, where it has none (a recorded response), listing customers.

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
    """Goes through a body along its schema, and notes its shape.

    Attributes:
        drift: Kind, path, expected, got, for what the document does not mention.
    """

    def __init__(self, document: Document, body: Json, schema: Json, shape: Shape) -> None:
        self.drift: list[tuple[str, str, str, str]] = []
        self._document = document
        self._shape = shape
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
            prefixes = [prefix for part in parts for prefix in self._document.prefixes(part)]
            if prefixes and not value.startswith(tuple(prefixes)):
                expected = f"an id that starts with {' or '.join(dict.fromkeys(prefixes))}"
                self.drift.append(("id prefix", path, expected, "one that does not"))

    def _visit_object(self, place: Place, path: str, value: Object, parts: list[Object]) -> None:
        documented = self._document.properties(parts)
        required = [name for part in parts for name in part.get("required", ())]
        self._shape.add(path, value, documented, required)
        others = [
            part["additionalProperties"] for part in parts if is_object(part.get("additionalProperties"))
        ]
        for name, child in value.items():
            if name in documented:
                self._visit((*place, name), path + step(name), child, documented[name])
            elif others:
                self._visit((*place, name), f"{path}.*", child, others)
            elif documented:
                self.drift.append(("new field", path + step(name), "no such field", type_name(child)))


def _judged(error: ValidationError) -> Iterator[tuple[Place, str, str, str, str]]:
    """Say of a validation error: the place, the kind, the field that is missing there, expected, got."""
    place = tuple(error.absolute_path)
    keyword = str(error.validator)
    value: Json = error.instance
    got = type_name(value)
    wanted: Json = error.validator_value
    if keyword == "required":
        for name in wanted:
            if name not in value:
                yield place, "missing field", step(name), "to be there", "missing"
    elif keyword in {"anyOf", "oneOf"} and (inner := _meant(error)):
        for each in inner:
            yield from _judged(each)
    elif keyword == "type":
        yield place, "wrong type", "", " or ".join([wanted] if isinstance(wanted, str) else wanted), got
    elif keyword in {"anyOf", "oneOf", "enum", "const", "not"}:
        yield place, "wrong value", "", f"what `{keyword}` documents", got
    else:
        yield place, "wrong value", "", f"{keyword} {wanted}", f"{got} that is not"


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
