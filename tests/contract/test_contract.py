"""Findings of the check of a response."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from mijnklantportaal_api.models import CustomerPage
from mijnklantportaal_api.types import UNSET

from mijnklantportaal.contract import Finding, check_body, check_response
from mijnklantportaal.contract.check import Check
from mijnklantportaal.contract.live import failure
from mijnklantportaal.document import Document, Operation, shipped
from tests.support import SAMPLES, sample

pytestmark = pytest.mark.customers

GOOD = sorted(path.stem for path in SAMPLES.glob("*.http") if b" 200 " in path.read_bytes()[:20])
SECRET = "Geheim-4711"
JSON = {"Content-Type": "application/json"}


def body(name: str = "page-1-of-3") -> Any:
    return json.loads(sample(name).partition(b"\r\n\r\n")[2])


def recorded(name: str) -> httpx.Response:
    head, _, content = sample(name).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = [(line.partition(": ")[0], line.partition(": ")[2]) for line in lines]
    return httpx.Response(int(first.split()[1]), headers=headers, content=content)


Summary = tuple[str, str, str, str, str, int]


def summaries(findings: list[Finding]) -> list[Summary]:
    return [(each.severity, each.path, each.kind, each.expected, each.got, each.count) for each in findings]


def breach(kind: str, path: str, expected: str, got: str, count: int = 1) -> Summary:
    return ("breach", path, kind, expected, got, count)


def drift(kind: str, path: str, expected: str, got: str, count: int = 1) -> Summary:
    return ("drift", path, kind, expected, got, count)


@pytest.mark.parametrize("name", GOOD)
def test_recorded_responses_conform(name: str) -> None:
    assert check_response(recorded(name)) == []
    assert check_body(body(name)) == []


def change(**customer: Any) -> Any:
    """A good page, each of its 15 customers changed; `...` takes a field away."""
    page = body()
    page["data"] = [
        {key: value for key, value in (row | customer).items() if value is not ...} for row in page["data"]
    ]
    return page


def envelope(**changes: Any) -> Any:
    return {key: value for key, value in (body() | changes).items() if value is not ...}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            change(phone=31201234567),
            [breach("wrong type", "$.data[*].phone", "string or null", "integer", 15)],
        ),
        (change(city=None), [breach("wrong type", "$.data[*].city", "string", "null", 15)]),
        (change(id=...), [breach("missing field", "$.data[*].id", "required", "missing", 15)]),
        (
            change(createdAt="2024-04-28T21:00:00"),
            [breach("wrong value", "$.data[*].createdAt", "format date-time", "invalid string", 15)],
        ),
        (
            change(createdAt="28-04-2024"),
            [breach("wrong value", "$.data[*].createdAt", "format date-time", "invalid string", 15)],
        ),
        (
            change(customerGroups=[1, "cug_1", True]),
            [
                breach("wrong type", "$.data[*].customerGroups[*]", "string", "boolean", 15),
                breach("wrong type", "$.data[*].customerGroups[*]", "string", "integer", 15),
            ],
        ),
        (envelope(data={}), [breach("wrong type", "$.data", "array", "object")]),
        (
            envelope(data=..., next_page_url=...),
            [
                breach("missing field", "$.data", "required", "missing"),
                breach("missing field", "$.next_page_url", "required", "missing"),
            ],
        ),
        (
            envelope(next_page_url=False),
            [breach("wrong type", "$.next_page_url", "string or null", "boolean")],
        ),
        (envelope(current_page="1"), [breach("wrong type", "$.current_page", "integer", "string")]),
        ([], [breach("wrong type", "$", "object", "array")]),
        (None, [breach("wrong type", "$", "object", "null")]),
        (
            change(vatNumber=SECRET),
            [drift("new field", "$.data[*].vatNumber", "no such field", "string", 15)],
        ),
        (
            envelope(current_page_url=None),
            [drift("new field", "$.current_page_url", "no such field", "null")],
        ),
        (
            change(countryCode=...),
            [drift("never sent", "$.data[*].countryCode", "a documented field", "missing", 15)],
        ),
        (envelope(path=...), [drift("never sent", "$.path", "a documented field", "missing")]),
        (
            change(id="cus_1"),
            [drift("id prefix", "$.data[*].id", "prefix cst_", "another prefix", 15)],
        ),
        (
            change(customerGroups=["grp_1"]),
            [
                drift(
                    "id prefix",
                    "$.data[*].customerGroups[*]",
                    "prefix cug_",
                    "another prefix",
                    15,
                )
            ],
        ),
        (
            change(**{f"{SECRET}@example.nl": 1}),
            [drift("new field", "$.data[*]['…']", "no such field", "integer", 15)],
        ),
    ],
)
def test_a_difference_is_reported_once_and_counted(answer: Any, found: list[Summary]) -> None:
    # jsonschema says nothing of a type that is wrong twice over, so `type` comes before what rests on it.
    assert summaries(check_body(answer)) == found
    assert SECRET not in repr(check_body(answer))


def test_breaches_come_first() -> None:
    page = change(phone=1, added=1)
    assert [finding.severity for finding in check_body(page)] == ["breach", "drift"]


def test_a_field_that_some_customers_have_is_no_drift() -> None:
    page = change(countryCode=...)
    page["data"][3]["countryCode"] = "NL"
    assert check_body(page) == []


def test_a_field_that_only_another_page_has_is_no_drift() -> None:
    check = Check()
    check.add_response(httpx.Response(200, json=change(countryCode=...)), page=1)
    assert [finding.path for finding in check.findings()] == ["$.data[*].countryCode"]
    check.add_response(httpx.Response(200, json=body("page-2-of-3")), page=2)
    assert check.findings() == []


def test_a_finding_names_its_first_page() -> None:
    check = Check()
    check.add_response(httpx.Response(200, json=body()), page=1)
    for page in (2, 3):
        check.add_response(httpx.Response(200, json=change(phone=1)), page=page)
    (finding,) = check.findings()
    assert (finding.page, finding.count) == (2, 30)


@pytest.mark.parametrize(
    ("response", "found"),
    [
        (
            httpx.Response(200, html="<html>"),
            [breach("content type", "$", "application/json", "text/html")],
        ),
        (
            httpx.Response(200, headers={"Content-Type": f"text/x\x1b {SECRET}"}),
            [breach("content type", "$", "application/json", "an unusual content type")],
        ),
        (
            httpx.Response(200, content=b"{}"),
            [breach("content type", "$", "application/json", "none")],
        ),
        (httpx.Response(204), [breach("status", "$", "a documented status", "status 204")]),
        (
            httpx.Response(200, headers={"Content-Type": "application/json"}, content=b'{"data": [{"id'),
            [breach("not JSON", "$", "JSON", "invalid JSON")],
        ),
        (
            httpx.Response(200, headers={"Content-Type": "application/json"}, content=b"[" * 100_000),
            [breach("not JSON", "$", "JSON", "invalid JSON")],
        ),
    ],
)
def test_responses_that_are_not_json_or_not_documented(
    response: httpx.Response, found: list[Summary]
) -> None:
    assert summaries(check_response(response)) == found


def test_parameters_of_the_content_type_do_not_matter() -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert check_response(httpx.Response(200, headers=headers, json=body())) == []


@pytest.mark.parametrize("name", ["401-no-token", "429-throttled", "500-server-error", "503-maintenance"])
def test_an_error_cannot_be_checked(name: str) -> None:
    with pytest.raises(
        ValueError, match=rf"^GET /customers: cannot check a response with status {name[:3]}$"
    ):
        check_response(recorded(name))


@pytest.mark.document
def test_the_operation_is_that_of_the_request() -> None:
    request = httpx.Request("GET", "https://api.example.nl/v1/invoices")
    with pytest.raises(LookupError, match=r"^the document has no operation GET /v1/invoices$"):
        check_response(httpx.Response(200, json=body(), request=request))
    request = httpx.Request("GET", "https://api.example.nl/v1/customers?page=1")
    assert check_response(httpx.Response(200, json=body(), request=request)) == []


def test_the_operation_argument() -> None:
    assert check_response(recorded("page-1-of-3"), operation="GET /customers") == []


def test_a_status_without_a_body() -> None:
    responses = {"200": {"description": "done"}}
    check = Check("DELETE /a", document=Document({"paths": {"/a": {"delete": {"responses": responses}}}}))
    check.add_response(httpx.Response(200))
    assert check.findings() == []


def test_a_single_item_is_checked_too(whole: Path) -> None:
    check = Check("GET /customers/cst_1", document=Document(json.loads(whole.read_bytes())))
    check.add_response(httpx.Response(200, json={"id": 1}))
    assert ("breach", "$.id") in {(finding.severity, finding.path) for finding in check.findings()}


def test_deprecation_headers_are_drift() -> None:
    check = Check()
    headers = {
        "Content-Type": "application/json",
        "Sunset": "Sat, 31 Dec 2033 23:59:59 GMT",
        "deprecation": "@1",
    }
    for page in (1, 2):
        check.add_response(httpx.Response(200, headers=headers, json=body()), page=page)
    assert summaries(check.findings()) == [
        drift("deprecated", "$", "no Deprecation header", "present", 2),
        drift("deprecated", "$", "no Sunset header", "present", 2),
    ]


class TestSeverityMatchesTheClient:
    """Drift: the client returns what it declares. Breach: it fails, or returns something else."""

    @pytest.mark.parametrize(
        ("answer", "kind", "cause"),
        [
            (change(vatNumber="NL1"), "new field", None),
            (change(countryCode=...), "never sent", None),
            (change(id="cus_1"), "id prefix", None),
            (change(phone=31201234567), "wrong type", None),
            (change(createdAt="2024-04-28T21:00:00"), "wrong value", None),
            (change(createdAt="2024-02-28"), "wrong value", None),
            (change(createdAt="2024-02-28 21:00+01:00"), "wrong value", None),
            (change(createdAt="2024-02-30"), "wrong value", "ContractError"),
            (change(createdAt="28-04-2024"), "wrong value", "ContractError"),
            (change(createdAt=None), "wrong type", "ContractError"),
            (change(id=...), "missing field", "ContractError"),
            (envelope(data=None), "wrong type", "ContractError"),
            (envelope(data={}), "wrong type", "ContractError"),
            (envelope(data=...), "missing field", "ContractError"),
            (envelope(next_page_url=False), "wrong type", "ContractError"),
            (envelope(current_page="1"), "wrong type", "ContractError"),
            ([], "wrong type", "ContractError"),
        ],
    )
    def test_each_kind(self, answer: Any, kind: str, cause: str | None) -> None:
        (finding, *others) = check_body(answer)
        assert {each.kind for each in (finding, *others)} == {kind}
        list_customers = shipped().operation("GET", "/customers")
        assert failure(list_customers, [], httpx.Response(200, json=answer), 1) == cause
        if finding.severity == "drift":
            assert cause is None

    def test_drift_is_read_as_declared(self) -> None:
        changes = {"countryCode": ..., "id": "cus_1", "createdAt": "2024-02-28 21:00Z"}
        assert {each.severity for each in check_body(change(vatNumber="NL1", **changes))} == {"drift"}
        read = CustomerPage.from_dict(change(vatNumber="NL1", **changes))
        assert read.data[0].additional_properties["vatNumber"] == "NL1"
        assert (read.data[0].country_code, read.data[0].id) == (UNSET, "cus_1")
        assert read.data[0].created_at == datetime(2024, 2, 28, 21, tzinfo=UTC)

    def test_a_breach_that_is_read_does_not_match_the_declared_type(self) -> None:
        read = CustomerPage.from_dict(change(phone=31201234567, createdAt="2024-04-28T21:00:00"))
        created, phone = read.data[0].created_at, cast("object", read.data[0].phone)
        assert isinstance(phone, int)
        assert isinstance(created, datetime)
        assert created.tzinfo is None

    @pytest.mark.parametrize("value", ["2024-04-28T21:00:00", "2024-02-28", "2024-02-30"])
    def test_a_time_without_a_zone_is_a_breach(self, value: str) -> None:
        assert [each.severity for each in check_body(change(createdAt=value))] == ["breach"]

    def test_an_unknown_status_and_operation(self) -> None:
        unknown = Operation("no-such", "GET", "/no", (), (), paginated=False)
        list_customers = shipped().operation("GET", "/customers")
        assert failure(list_customers, [], httpx.Response(204), 1) == "ContractError"
        assert failure(list_customers, [], httpx.Response(200, json=body()), None) is None
        assert failure(list_customers, [], httpx.Response(204), None) == "no result"
        assert failure(unknown, [], httpx.Response(204), None) is None


def made(schema: Any, **components: Any) -> Document:
    content = {"application/json": {"schema": schema}}
    paths = {"/a": {"get": {"responses": {"2XX": {"$ref": "#/components/responses/A"}}}}}
    return Document(
        {"paths": paths, "components": {"schemas": components, "responses": {"A": {"content": content}}}}
    )


PERSON = {"properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name"]}


class TestOtherSchemas:
    @pytest.mark.parametrize(
        ("schema", "answer", "found"),
        [
            # A reference that may be null: the problem is named where it is.
            (
                {"anyOf": [{"$ref": "#/components/schemas/P"}, {"type": "null"}]},
                {"name": 1, "age": 2},
                [("breach", "$.name", "string", "integer")],
            ),
            ({"anyOf": [{"$ref": "#/components/schemas/P"}, {"type": "null"}]}, None, []),
            (
                {"oneOf": [{"type": "string"}, {"type": "null"}]},
                7,
                [("breach", "$", "a value allowed by oneOf", "integer")],
            ),
            # What is put together from parts has the fields of all of them.
            (
                {"allOf": [{"$ref": "#/components/schemas/P"}, {"properties": {"city": {"type": "string"}}}]},
                {"name": "a", "age": 1, "city": "b"},
                [],
            ),
            # An enum on which the client does not fail is not in the effective document.
            ({"enum": ["open", "paid"]}, SECRET, [("breach", "$", "a value allowed by enum", "string")]),
            ({"enum": ["open", None]}, 1, [("breach", "$", "a value allowed by enum", "integer")]),
            (
                {"type": "string", "enum": ["open"]},
                None,
                [
                    ("breach", "$", "string", "null"),
                    ("breach", "$", "a value allowed by enum", "null"),
                ],
            ),
            # The keys of a map are data.
            (
                {"additionalProperties": {"type": "integer"}},
                {SECRET: "a", "other": "b"},
                [("breach", "$.*", "integer", "string")],
            ),
            ({"additionalProperties": True}, {SECRET: 1}, []),
            (
                {"patternProperties": {"^Geheim": {"type": "integer"}}},
                {SECRET: "a"},
                [("breach", "$", "integer", "string")],
            ),
            ({"type": "integer", "minimum": 1}, 0, [("drift", "$", "minimum 1", "invalid integer")]),
            ({"type": "integer"}, True, [("breach", "$", "integer", "boolean")]),
            ({"type": "integer"}, 1.5, [("breach", "$", "integer", "number")]),
            (True, {"anything": 1}, []),
            # A schema that contains itself.
            (
                {"$ref": "#/components/schemas/T"},
                {"sub": {"sub": {"sub": 1}}},
                [
                    ("breach", "$.sub.sub.sub", "object", "integer"),
                ],
            ),
        ],
    )
    def test_findings(self, schema: Any, answer: Any, found: list[tuple[str, ...]]) -> None:
        tree = {"type": "object", "properties": {"sub": {"$ref": "#/components/schemas/T"}}}
        check = Check("GET /a", document=made(schema, P=PERSON | {"type": "object"}, T=tree))
        check.add_response(httpx.Response(200, headers=JSON, content=json.dumps(answer)))
        assert [(each.severity, each.path, each.expected, each.got) for each in check.findings()] == found
        assert SECRET not in repr(check.findings())
