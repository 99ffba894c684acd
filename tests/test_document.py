"""The reader of the document: operations, lists, parameters, schemas, ids."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import httpx
import pytest

from mijnklantportaal.document import Document, Operation, provenance, shipped
from tests.whole import whole_api


@pytest.fixture(scope="module")
def whole() -> Document:
    return Document(whole_api())


def named(document: Document, name: str) -> Operation:
    (found,) = [operation for operation in document.operations if operation.id == name]
    return found


class TestShipped:
    def test_every_operation_has_its_generated_module(self) -> None:
        for operation in shipped().operations:
            module = operation.module()
            assert isinstance(module, ModuleType)
            assert callable(module.sync)
            assert callable(module.asyncio)

    def test_every_list_can_be_paginated(self) -> None:
        assert shipped().lists
        for operation in shipped().lists:
            assert "page" in {parameter.name for parameter in operation.query_parameters}

    def test_it_is_read_once(self) -> None:
        assert shipped() is shipped()
        assert shipped().operations is shipped().operations

    def test_the_server_is_a_web_address(self) -> None:
        assert shipped().server.startswith("https://")

    def test_provenance(self) -> None:
        assert provenance()["generator"].startswith("openapi-python-client ")

    @pytest.mark.document
    def test_the_committed_document(self) -> None:
        (operation,) = shipped().operations
        assert (str(operation), operation.id) == ("GET /customers", "list-customers")
        assert list(shipped().fields(shipped().items(operation)))[:2] == ["id", "companyName"]


class TestWholeApi:
    def test_operations_and_lists(self, whole: Document) -> None:
        assert len(whole.operations) == 70
        assert len(whole.lists) == 16
        assert not named(whole, "list-appointments").paginated

    def test_names_on_the_command_line_are_unique(self, whole: Document) -> None:
        commands = [operation.command for operation in whole.lists]
        assert len(set(commands)) == len(commands)
        assert {"customers", "customer-invoices", "payment-link-payment"} <= set(commands)
        assert named(whole, "get-customer").command == "customer"

    def test_every_path_parameter_of_a_get_has_a_prefix(self, whole: Document) -> None:
        prefixes = {
            (operation.path, parameter.name): parameter.prefixes
            for operation in whole.operations
            for parameter in operation.path_parameters
            if operation.method == "GET"
        }
        assert prefixes["/payment-links/{linkId}/payments", "linkId"] == ("plk_",)
        assert prefixes["/punch-cards/{punchCardId}/issued/{issuedPunchCardId}", "issuedPunchCardId"] == (
            "pcb_",
        )
        assert prefixes["/files/{fileId}/download", "fileId"] == ("fsf_",)
        assert prefixes["/agreements/{agreementId}", "agreementId"] == ("agr_",)
        assert prefixes["/agreements/{agreementId}/documents/{documentId}/download", "documentId"] == (
            "agd_",
        )
        assert [key for key, found in prefixes.items() if not found] == []

    def test_items(self, whole: Document) -> None:
        fields = whole.fields(whole.items(named(whole, "list-customer-groups")))
        assert next(iter(fields)) == "id"
        assert whole.prefixes(fields["id"]) == ("cug_",)
        assert whole.fields(whole.items(named(whole, "list-appointments")))["id"]
        assert whole.items(named(whole, "get-customer")) is True

    @pytest.mark.parametrize(
        ("method", "path", "operation"),
        [
            ("GET", "/v1/customers", "GET /customers"),
            ("get", "/customers/cst_1", "GET /customers/{customerId}"),
            ("POST", "/v1/customers", "POST /customers"),
            ("GET", "/payment-links/plk_1/payments", "GET /payment-links/{linkId}/payments"),
        ],
    )
    def test_operations_are_found_by_path(
        self, whole: Document, method: str, path: str, operation: str
    ) -> None:
        assert str(whole.operation(method, path)) == operation

    @pytest.mark.parametrize(
        ("method", "path"), [("PUT", "/customers"), ("GET", "/v1/customers/a/b"), ("GET", "/payments")]
    )
    def test_an_unknown_operation_is_an_error(self, whole: Document, method: str, path: str) -> None:
        with pytest.raises(LookupError, match="the document has no operation"):
            whole.operation(method, path)

    @pytest.mark.parametrize("id_", ["..", ".", "a/../b", "?page=2", "#", "plk_1"])
    def test_no_id_leads_to_a_different_path(self, whole: Document, id_: str) -> None:
        operation = whole.operation("GET", "/payment-links/plk_1/payments")
        url = httpx.URL("https://api.example.nl/v1").join(f"/v1{operation.path_with([id_])}")
        assert whole.operation("GET", url.raw_path.decode()) == operation
        assert (url.raw_path.count(b"/"), url.query, url.fragment) == (4, b"", "")

    def test_an_operation_that_was_not_generated(self, whole: Document) -> None:
        operation = Operation("no-such", "GET", "/no", (), (), paginated=False)
        with pytest.raises(LookupError, match=r"^the generated client has no operation no-such$"):
            operation.module()


def made(schema: Any, path: str = "/a", parameters: Any = (), own: Any = ()) -> Document:
    content = {"application/json; charset=utf-8": {"schema": schema}}
    get = {"operationId": "listTheThings", "responses": {"2XX": {"$ref": "#/components/responses/A~1B"}}}
    item = {"summary": "no method", "parameters": parameters, "get": get | {"parameters": own}}
    return Document({"paths": {path: item}, "components": {"responses": {"A/B": {"content": content}}}})


class TestForms:
    def test_a_composed_list(self) -> None:
        links: dict[str, Any] = {"properties": {"next_page_url": {}}}
        data: dict[str, Any] = {"properties": {"data": {"allOf": [{"items": {"properties": {"a": {}}}}]}}}
        document = made({"allOf": [links, {"anyOf": [data, {"type": "null"}]}]})
        (operation,) = document.lists
        assert operation.command == "the-things"
        assert list(document.fields(document.items(operation))) == ["a"]
        assert list(document.content(operation) or ()) == ["application/json"]

    def test_parameters(self) -> None:
        document = made(
            {},
            "/a/{id}/b/{other}",
            [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                {"name": "q", "in": "query", "schema": True},
            ],
            own=[{"name": "id", "in": "path", "description": "starts with `abc_`", "schema": {}}],
        )
        (operation,) = document.operations
        assert [(each.name, each.prefixes) for each in operation.path_parameters] == [
            ("id", ("abc_",)),
            ("other", ()),
        ]
        assert [(each.name, each.required) for each in operation.query_parameters] == [("q", False)]

    @pytest.mark.parametrize(
        ("schema", "prefixes"),
        [
            ({"example": "cst_abc12345def678"}, ("cst_",)),
            ({"examples": ["cst_1", "cug_1"]}, ("cst_", "cug_")),
            ({"description": "files start with `fsf_`, directories with `fsd_`"}, ("fsf_", "fsd_")),
            ({"description": "starts with `sub_`", "example": "sub__abc1"}, ("sub_",)),
            ({"example": "tr_123abc"}, ()),
            ({"example": "fully_used"}, ()),
            ({"example": 7}, ()),
            (True, ()),
        ],
    )
    def test_prefixes(self, schema: Any, prefixes: tuple[str, ...]) -> None:
        assert made({}).prefixes(schema) == prefixes

    def test_a_recursive_schema(self) -> None:
        schema: dict[str, Any] = {"properties": {"a": {}}}
        schema["allOf"] = [schema, {"$ref": "#/components/x/0"}]
        document = Document({"paths": {}, "components": {"x": [schema]}})
        assert list(document.fields(schema)) == ["a"]

    @pytest.mark.parametrize("paths", [["/a/{id}", "/a/me", "/me"], ["/me", "/a/me", "/a/{id}"]])
    def test_the_most_specific_path_wins(self, paths: list[str]) -> None:
        document = Document({"paths": {path: {"get": {"responses": {}}} for path in paths}})
        assert str(document.operation("GET", "/v1/a/me")) == "GET /a/me"
        assert str(document.operation("GET", "/v1/a/you")) == "GET /a/{id}"

    def test_the_response_schema_is_the_first_success_in_json(self) -> None:
        content = {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "array"}},
        }
        responses = {"404": {"content": {"application/json": {}}}, "201": {"content": content}}
        document = Document({"paths": {"/a": {"get": {"responses": responses}}}})
        assert document.response_schema(document.operations[0]) == {"type": "array"}
        del content["application/json"]
        assert document.response_schema(document.operations[0]) is True

    def test_a_status_that_is_not_documented_or_has_no_body(self) -> None:
        document = Document({"paths": {"/a": {"get": {"responses": {"204": {"description": "done"}}}}}})
        (operation,) = document.operations
        assert document.content(operation, 200) is None
        assert document.content(operation, 204) == {}
        assert document.response_schema(operation) is True
