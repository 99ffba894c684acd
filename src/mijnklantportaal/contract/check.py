"""Compares responses with the document. No I/O."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from mijnklantportaal.document import Document, Json, is_object, shipped
from mijnklantportaal.document.mismatch import FORMATS, type_name
from mijnklantportaal.document.schemas import step

from .findings import NEXT_STEPS, Accepted, Finding, Severity
from .shape import Baseline, Shape

Keys = tuple[str | int, ...]

_LIST_CUSTOMERS = "GET /customers"
# Listed here, so that the result does not depend on which other packages are installed.
_FORMATS = FormatChecker(["date", "date-time"])


class Check:
    """Compares the responses of one operation with the document: add them, then ask for the findings."""

    def __init__(self, operation: str = _LIST_CUSTOMERS, *, document: Document | None = None) -> None:
        self._document = document or shipped()
        self._validator: Any = Draft202012Validator(self._document.contents, format_checker=_FORMATS)
        method, _, path = operation.partition(" ")
        self._operation = self._document.operation(method, path)
        self._found: Counter[Finding] = Counter()  # keeps the first of those that are equal
        self._page: int | None = None  # of the response that was added last
        self.shape = Shape()
        self.responses = 0

    def add_response(self, response: httpx.Response, *, page: int | None = None) -> Json:
        """Compares the status, the headers and the body of a response; returns the body if it is JSON."""
        status, headers = response.status_code, response.headers
        self.responses += 1
        self._page = page
        for name in ("Deprecation", "Sunset"):
            if name in headers:
                self.add("drift", "deprecated", "$", f"no {name} header", "present")
        if not response.is_success:
            raise ValueError(f"{self._operation}: cannot check a response with status {status}")
        content = self._document.content(self._operation, status)
        received = media_type(response)
        try:
            body, is_json = json.loads(response.content), True
        except (ValueError, RecursionError):
            body, is_json = None, False
        if content is None:
            self.add("breach", "status", "$", "a documented status", f"status {status}")
        elif content and received not in content:
            self.add("breach", "content type", "$", " or ".join(content), received)
        elif content and not is_json:
            self.add("breach", "not JSON", "$", "JSON", "invalid JSON")
        elif content:
            self._compare(body, content[received])
        return body

    def add(self, severity: Severity, kind: str, path: str, expected: str, got: str) -> None:
        """Adds a finding of the last response; a repeated one is counted."""
        self._found[Finding(str(self._operation), severity, kind, path, expected, got, page=self._page)] += 1

    def findings(self, baseline: Baseline | None = None, accepted: Sequence[Accepted] = ()) -> list[Finding]:
        """Returns all findings so far, worst first.

        Includes documented fields that no response had and, given a baseline, what has changed since.
        """
        found = [replace(each, count=count) for each, count in self._found.items()]
        missing = {each.path for each in found if each.kind == "missing field"}  # and so never sent
        overall = self.shape.findings(str(self._operation), baseline)
        found += [each for each in overall if each.kind != "never sent" or each.path not in missing]
        found = [
            replace(each, severity="accepted") if any(entry.matches(each) for entry in accepted) else each
            for each in found
        ]
        severities = list(NEXT_STEPS)
        return sorted(
            found,
            key=lambda each: (severities.index(each.severity), each.path, each.kind, each.expected, each.got),
        )

    def _compare(self, body: Json, schema: Json) -> None:
        paths: dict[Keys, str] = {}
        for keys, path, value, schemas, fields, others in self._document.walk(body, [schema]):
            paths[keys] = path
            if is_object(value):
                self.shape.add(path, value, fields)
                for name in value.keys() - fields.keys() if fields and not others else ():
                    self.add("drift", "new field", path + step(name), "no such field", type_name(value[name]))
            elif isinstance(value, str):
                prefixes = tuple(prefix for each in schemas for prefix in self._document.prefixes(each))
                if prefixes and not value.startswith(prefixes):
                    expected = f"prefix {' or '.join(dict.fromkeys(prefixes))}"
                    self.add("drift", "id prefix", path, expected, "another prefix")
        # Validated against the schema, with the whole document as the root for its references.
        errors = self._validator.descend(body, schema)
        # A set, because jsonschema reports all missing fields of an object once for each of them.
        found = {each for error in errors for each in _differences(error)}
        for severity, keys, kind, name, expected, got in found:
            while keys not in paths:  # keys that can be data are not shown
                keys = keys[:-1]  # noqa: PLW2901
            self.add(severity, kind, paths[keys] + name, expected, got)


def media_type(response: httpx.Response) -> str:
    """Returns the media type of a response, but nothing unusual: the server could write anything there."""
    found = response.headers.get("content-type", "none").partition(";")[0].strip().lower()
    return found if re.fullmatch(r"none|[a-z]+/[a-z0-9.+-]{1,50}", found) else "an unusual content type"


def check_response(response: httpx.Response, *, operation: str | None = None) -> list[Finding]:
    """Compares one response with the document.

    Args:
        response: The response; a successful one, because the document describes no others.
        operation: Its operation, such as `GET /customers`; by default that of the response's request or,
            for a response without one, `GET /customers`.

    Raises:
        LookupError: The document has no such operation.
        ValueError: The status is not 2xx.
    """
    if operation is None:
        try:
            operation = f"{response.request.method} {response.request.url.path}"
        except RuntimeError:  # the response has no request
            operation = _LIST_CUSTOMERS
    check = Check(operation)
    check.add_response(response)
    return check.findings()


def check_body(body: Json, *, operation: str = _LIST_CUSTOMERS) -> list[Finding]:
    """Compares the parsed JSON body of a 200 response with the document.

    Args:
        body: The body.
        operation: Its operation.

    Raises:
        LookupError: The document has no such operation.
    """
    headers = {"Content-Type": "application/json"}
    return check_response(httpx.Response(200, headers=headers, content=json.dumps(body)), operation=operation)


def _differences(error: ValidationError) -> Iterator[tuple[Severity, Keys, str, str, str, str]]:
    """Yields the findings of a validation error: severity, keys, kind, missing field, expected, got."""
    keys, keyword = tuple(error.absolute_path), str(error.validator)
    value: Json = error.instance
    wanted: Json = error.validator_value
    got = type_name(value)
    if keyword == "required":
        for name in wanted:
            if name not in value:
                yield "breach", keys, "missing field", step(name), "required", "missing"
    elif keyword in {"anyOf", "oneOf"} and (inner := _of_matching_branch(error)):
        for each in inner:
            yield from _differences(each)
    elif keyword == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        yield "breach", keys, "wrong type", "", " or ".join(types), got
    elif keyword in {"anyOf", "oneOf", "enum", "const", "not"}:
        yield "breach", keys, "wrong value", "", f"a value allowed by {keyword}", got
    else:
        # Of all other keywords, the client knows formats only, and reads more than they allow.
        severity: Severity = "breach" if keyword == "format" and not _is_read(wanted, value) else "drift"
        yield severity, keys, "wrong value", "", f"{keyword} {wanted}", f"invalid {got}"


def _is_read(form: str, text: str) -> bool:
    """Returns whether the client reads a value of another form, and as what the document promises."""
    try:
        value = FORMATS[form](text)
    except ValueError:
        return False
    # Comparing a time without a zone with any other raises an error.
    return not isinstance(value, datetime) or value.tzinfo is not None


def _of_matching_branch(error: ValidationError) -> list[ValidationError]:
    """Returns the errors of the one alternative that has the value's type, if there is exactly one."""
    found = [(each.relative_schema_path[0], each) for each in error.context or ()]
    other_types = {branch for branch, each in found if each.validator == "type" and not each.relative_path}
    meant = [(branch, each) for branch, each in found if branch not in other_types]
    return [each for _, each in meant] if len({branch for branch, _ in meant}) == 1 else []
