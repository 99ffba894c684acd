import json
from pathlib import Path
from typing import Any

import pytest

from tools.regenerate.effective import DocumentError, check, effective, load
from tools.regenerate.generate import ROOT
from tools.regenerate.overlay import OverlayError
from tools.regenerate.tree import ToolError

OPENAPI = (ROOT / "openapi.yaml").read_bytes()
OVERLAY = (ROOT / "overlay.yaml").read_bytes()
LARGER = (ROOT / "tests" / "documents" / "larger.yaml").read_bytes()


class TestLoad:
    def test_yaml_1_2(self) -> None:
        text = b"day: 2024-04-28\nat: 2024-04-28T00:00:00.000Z\ncountry: NO\n200: ok\nzip: '0123'\n"
        assert load(text, "a.yaml") == {
            "day": "2024-04-28",
            "at": "2024-04-28T00:00:00.000Z",
            "country": "NO",
            200: "ok",
            "zip": "0123",
        }

    def test_json_and_byte_order_mark(self) -> None:
        assert load(b'\xef\xbb\xbf{"a": "\xc3\xa9"}', "a.json") == {
            "a": "\N{LATIN SMALL LETTER E WITH ACUTE}"
        }

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            (b"a:\n  b: 1\n  b: 2\n", 'a.yaml:3: found duplicate key "b"'),
            (b"a: 1\nb: [1,\n\nc: {\n", "a.yaml:5: "),
            (b"a: 1\n\tb: 2\n", "a.yaml:2: "),
            (b"a: *b\n", "a.yaml:1: found undefined alias"),
            (b"a: 1\nb: !!python/name:os.system x\n", "a.yaml:2: could not determine a constructor"),
            (b"a: \x00\n", "a.yaml: "),
            (b"a: \xff\n", "a.yaml: not a JSON-compatible document: "),
            (b"a: &x [*x]\n", "a.yaml: not a JSON-compatible document: "),
            (b"a: .nan\n", "a.yaml: not a JSON-compatible document: "),
            (b"? [1, 2]\n: 1\n", "a.yaml: not a JSON-compatible document: "),
            (b"--- 1\n--- 2\n", "a.yaml:2: "),
        ],
    )
    def test_one_line_with_file_and_line(self, text: bytes, cause: str) -> None:
        with pytest.raises(DocumentError) as caught:
            load(text, "a.yaml")
        assert str(caught.value).startswith(cause)
        assert "\n" not in str(caught.value)

    @pytest.mark.document
    def test_the_error_does_not_show_half_the_document(self) -> None:
        with pytest.raises(DocumentError) as caught:
            load(OPENAPI + b"info:\n  title: again\n", "openapi.yaml")
        assert str(caught.value) == 'openapi.yaml:153: found duplicate key "info"'


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return effective(OPENAPI, OVERLAY)[0]


@pytest.fixture(scope="module")
def larger() -> dict[str, Any]:
    return effective(LARGER, OVERLAY)[0]


class TestEffective:
    @staticmethod
    def envelope(document: dict[str, Any], path: str) -> Any:
        return document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    @pytest.mark.document
    def test_upstreams_document(self, document: dict[str, Any]) -> None:
        page = document["paths"]["/customers"]["get"]["parameters"][0]
        assert (page["name"], page["in"], "required" in page) == ("page", "query", False)
        assert (page["schema"]["type"], page["schema"]["minimum"]) == ("integer", 1)
        customer = document["components"]["schemas"]["Customer"]
        assert customer["required"] == ["id"]
        assert customer["properties"]["createdAt"]["format"] == "date-time"
        assert customer["properties"]["phone"]["type"] == ["string", "null"]

    @pytest.mark.parametrize("path", ["/customers", "/invoices", "/payment-links/{linkId}/payments"])
    def test_every_envelope(self, larger: dict[str, Any], path: str) -> None:
        envelope = self.envelope(larger, path)
        assert envelope["required"] == ["data", "next_page_url", "current_page"]
        assert envelope["properties"]["from"]["type"] == ["integer", "null"]
        assert envelope["properties"]["to"]["type"] == ["integer", "null"]
        assert envelope["properties"]["current_page"]["type"] == "integer"
        names = [parameter["name"] for parameter in larger["paths"][path]["get"].get("parameters", [])]
        assert names == (["status", "page"] if path == "/invoices" else ["page"])

    def test_what_is_not_paginated_gets_no_page(self, larger: dict[str, Any]) -> None:
        parameters = larger["paths"]["/customers/{customerId}"]["get"]["parameters"]
        assert [parameter["name"] for parameter in parameters] == ["customerId"]
        assert "parameters" not in larger["paths"]["/customers"]["post"]

    def test_the_documents_do_not_share_nodes(self, larger: dict[str, Any]) -> None:
        first, second = (
            larger["paths"][path]["get"]["parameters"][-1] for path in ("/customers", "/invoices")
        )
        assert first == second
        assert first is not second

    @pytest.mark.document
    def test_page_stands_aside_once_upstream_declares_it(self) -> None:
        declared = OPENAPI.replace(
            b"      responses:\n",
            b"      parameters: [{name: page, in: query, schema: {type: integer}}]\n      responses:\n",
        )
        document = effective(declared, OVERLAY)[0]
        assert document["paths"]["/customers"]["get"]["parameters"] == [
            {"name": "page", "in": "query", "schema": {"type": "integer"}}
        ]

    @pytest.mark.document
    def test_page_that_upstream_declares_by_reference_is_not_doubled_unseen(self) -> None:
        declared = (
            OPENAPI.replace(
                b"      responses:\n",
                b"      parameters:\n        - $ref: '#/components/parameters/Page'\n      responses:\n",
            )
            + b"  parameters:\n    Page: {name: page, in: query, schema: {type: integer}}\n"
        )
        with pytest.raises(
            DocumentError, match="GET /customers: the query parameter `page` is declared twice"
        ):
            effective(declared, OVERLAY)

    def test_fields_that_upstream_comes_to_require_are_not_listed_twice(self) -> None:
        head, mark, tail = LARGER.partition(b"                type: object\n")
        document = effective(head + mark + b"                required: [data]\n" + tail, OVERLAY)[0]
        assert self.envelope(document, "/customers")["required"] == ["data", "next_page_url", "current_page"]

    def test_types_that_upstream_corrects_are_left_alone(self) -> None:
        head, mark, tail = LARGER.partition(b"                  from:\n                    type: integer\n")
        document = effective(head + mark + b"                    nullable: true\n" + tail, OVERLAY)[0]
        assert self.envelope(document, "/customers")["properties"]["from"]["type"] == ["integer", "null"]
        assert self.envelope(document, "/invoices")["properties"]["from"]["type"] == ["integer", "null"]

    @pytest.mark.document
    def test_a_correction_that_upstream_has_made_is_an_error(self) -> None:
        corrected = OPENAPI.replace(
            b"      type: object\n      description: Customer\n", b"      required: [id]\n"
        )
        with pytest.raises(OverlayError, match="Every customer has an `id`"):
            effective(corrected, OVERLAY)

    def test_an_envelope_behind_a_reference_is_an_error_that_names_the_operation(self) -> None:
        text = LARGER.decode()
        start = text.index("              schema:\n", text.index("  /invoices:\n")) + len(
            "              schema:\n"
        )
        end = text.index("  /payment-links/{linkId}/payments:\n")
        envelope = text[start:end].replace("\n          ", "\n").removeprefix("          ")
        text = text[:start] + "                $ref: '#/components/schemas/Page'\n" + text[end:]
        text = text.replace("  schemas:\n", f"  schemas:\n    Page:\n{envelope}", 1)
        with pytest.raises(DocumentError, match=r"^GET /invoices: .*next_page_url.*`page`"):
            effective(text.encode(), OVERLAY)

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            (b"- a\n", "not a mapping"),
            (b"", "not a mapping"),
            (b"paths: {}\n", "`openapi`"),
            (b"openapi: 3.1\npaths: {}\n", "`openapi` must be a string such as '3.1.1', not 3.1"),
            (b"openapi: 2.0.0\npaths: {}\n", "`openapi`"),
            (b"openapi: 3.1.1\n", "`paths`"),
            (b"openapi: 3.1.1\npaths: []\n", "`paths`"),
        ],
    )
    def test_what_is_no_openapi_document(self, text: bytes, cause: str) -> None:
        with pytest.raises(DocumentError, match=cause) as caught:
            effective(text, OVERLAY)
        assert str(caught.value).startswith("openapi.yaml: ")

    def test_errors_of_the_overlay_name_its_file(self) -> None:
        with pytest.raises(ToolError, match=r"^overlay.yaml:2: "):
            effective(OPENAPI, b"overlay: 1.1.0\noverlay: 1.1.0\n")

    def test_each_action_gives_its_evidence(self) -> None:
        for action in load(OVERLAY, "overlay.yaml")["actions"]:
            assert len(action["description"].split()) > 8, action["target"]


def listing(schema: Any, **operation: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"paths": {"/a": {"get": {"responses": {"200": {"content": content}}, **operation}}}}


PAGE = {"name": "page", "in": "query"}
ENVELOPE: dict[str, Any] = {"properties": {"next_page_url": {}}}


class TestCheck:
    @pytest.mark.parametrize(
        "document",
        [
            {"paths": {}},
            listing(ENVELOPE, parameters=[PAGE]),
            listing(ENVELOPE, parameters=[{"$ref": "#/components/parameters/P"}])
            | {"components": {"parameters": {"P": {"$ref": "#/components/parameters/Q"}, "Q": PAGE}}},
            {"paths": {"/a": listing(ENVELOPE)["paths"]["/a"] | {"parameters": [PAGE]}}},
            listing({"properties": {"nullable": True}}),
            listing(True),
            {"paths": {"/a": {"get": {"responses": {"204": {}}}}, "x-note": "text"}},
            # An operation's parameter overrides its path's.
            {"paths": {"/a": listing(ENVELOPE, parameters=[PAGE])["paths"]["/a"] | {"parameters": [PAGE]}}},
            # The same name elsewhere is another parameter.
            listing(ENVELOPE, parameters=[PAGE, {"name": "page", "in": "header"}]),
        ],
    )
    def test_fit(self, document: dict[str, Any]) -> None:
        check(document)

    @pytest.mark.parametrize(
        ("document", "cause"),
        [
            (listing({"allOf": [{"type": "object", "nullable": True}]}), r"^#/.*/schema/allOf/0: `nullable`"),
            (listing(ENVELOPE), r"^GET /a: .* no query parameter `page`"),
            (listing(ENVELOPE, parameters=[{"name": "page", "in": "header"}]), "no query parameter `page`"),
            (listing({"allOf": [{"oneOf": [ENVELOPE]}]}), "no query parameter `page`"),
            (
                listing({"$ref": "#/components/schemas/E"}) | {"components": {"schemas": {"E": ENVELOPE}}},
                "no query parameter `page`",
            ),
            (
                {"paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/E"}}}}}}
                | {"components": {"responses": {"E": {"content": {"x/y": {"schema": ENVELOPE}}}}}},
                "no query parameter `page`",
            ),
            (
                {"paths": {"/a": {"$ref": "#/components/pathItems/A"}}}
                | {"components": {"pathItems": {"A": listing(ENVELOPE)["paths"]["/a"]}}},
                "no query parameter `page`",
            ),
            (listing({}, parameters=[PAGE, PAGE]), "GET /a: the query parameter `page` is declared twice"),
            (
                {"paths": {"/a": {"parameters": [PAGE, PAGE]}}},
                "/a: the query parameter `page` is declared twice",
            ),
            (
                {"paths": {"/a": {"post": {"parameters": [PAGE, {"$ref": "#/p"}]}}}, "p": PAGE},
                "POST /a: the query parameter `page` is declared twice",
            ),
            (
                {"paths": {"/a": {"get": {"operationId": "list-a"}, "post": {"operationId": "list_a"}}}},
                "POST /a: another operation has its operationId too",
            ),
            (listing({"$ref": "#/components/schemas/Gone"}), "#/components/schemas/Gone leads nowhere"),
            (listing({"$ref": "other.yaml#/A"}), "other.yaml#/A leads out of the document"),
            (
                listing({"$ref": "#/x"}) | {"x": {"$ref": "#/y"}, "y": {"$ref": "#/x"}},
                "GET /a 200|GET /a: the reference #/x leads back to itself",
            ),
            (listing({}, parameters={}), "GET /a: `parameters` is not a list"),
            ({"paths": {"/a": {"get": "text"}}}, 'GET /a: found "text" where an object should be'),
            ({"paths": {"/a": None}}, "/a: found null where an object should be"),
            ({}, "paths: found null"),
        ],
    )
    def test_unfit(self, document: dict[str, Any], cause: str) -> None:
        with pytest.raises(DocumentError, match=cause):
            check(document)

    def test_a_schema_that_contains_itself(self) -> None:
        tree = {
            "allOf": [{"$ref": "#/components/schemas/T"}],
            "properties": {"child": {"$ref": "#/components/schemas/T"}},
        }
        check(listing({"$ref": "#/components/schemas/T"}) | {"components": {"schemas": {"T": tree}}})

    def test_references_into_paths(self, tmp_path: Path) -> None:
        document = listing(ENVELOPE, parameters=[PAGE])
        document["paths"]["/b"] = {
            "get": {
                "parameters": [{"$ref": "#/paths/~1a/get/parameters/0"}],
                "responses": {"200": {"$ref": "#/paths/%7E1a/get/responses/200"}},
            }
        }
        check(document)
        assert json.dumps(document)
