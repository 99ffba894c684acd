from typing import Any

import pytest

from tests.changed import OPERATIONS
from tests.whole import as_json, whole_api
from tools.regenerate.effective import DocumentError, duplicates, effective, load
from tools.regenerate.generate import ROOT
from tools.regenerate.tree import ToolError

OPENAPI = (ROOT / "openapi.yaml").read_bytes()
OVERLAY = (ROOT / "overlay.yaml").read_bytes()


class TestLoad:
    def test_yaml_1_2(self) -> None:
        text = b"day: 2024-04-28\nat: 2024-04-28T00:00:00.000Z\ncountry: NO\n200: ok\ntrue: 1\nzip: '0123'\n"
        assert load(text, "a.yaml") == {
            "day": "2024-04-28",
            "at": "2024-04-28T00:00:00.000Z",
            "country": "NO",
            "200": "ok",
            "true": 1,
            "zip": "0123",
        }

    def test_json_and_byte_order_mark(self) -> None:
        assert load(b'\xef\xbb\xbf{"a": "\xc3\xa9"}', "a.json") == {
            "a": "\N{LATIN SMALL LETTER E WITH ACUTE}"
        }

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
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
    def test_an_error_is_one_line_with_file_and_line(self, text: bytes, cause: str) -> None:
        with pytest.raises(DocumentError) as caught:
            load(text, "a.yaml")
        assert str(caught.value).startswith(cause)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("text", "first", "where"),
        [
            (b"a:\n  200: 1\n  '200': 2\n", {"a": {"200": 1}}, "a.yaml:3"),
            (b"a:\n  '200': 1\n  200: 2\n", {"a": {"200": 1}}, "a.yaml:3"),
            (b"b:\n  c: {d: 1}\n\nb: {e: 2}\n", {"b": {"c": {"d": 1}}}, "a.yaml:4"),
            (b"true: 1\n'true': 2\n", {"true": 1}, "a.yaml:2"),
            (b'{\n\t"a": 1,\n\t"a": 2}', {"a": 1}, "a.yaml:3"),
        ],
    )
    def test_of_a_key_that_occurs_twice_the_first_is_read(
        self, text: bytes, first: object, where: str
    ) -> None:
        assert load(text, "a.yaml") == first
        (note,) = duplicates(text, "a.yaml")
        assert (note.kind, note.where) == ("dropped", where)
        assert note.what.endswith("occurs a second time in its mapping: the first is used")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return effective(OPENAPI, OVERLAY)[0]


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return effective(as_json(whole_api()), OVERLAY)[0]


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
    def test_every_envelope(self, whole: dict[str, Any], path: str) -> None:
        envelope = self.envelope(whole, path)
        assert envelope["required"] == ["data", "next_page_url", "current_page"]
        assert envelope["properties"]["from"]["type"] == ["integer", "null"]
        assert envelope["properties"]["to"]["type"] == ["integer", "null"]
        assert envelope["properties"]["current_page"]["type"] == "integer"
        names = [parameter["name"] for parameter in whole["paths"][path]["get"].get("parameters", [])]
        assert names == (["linkId", "page"] if "{" in path else ["page"])

    def test_a_duplicate_key_costs_no_other_operation(self) -> None:
        head, mark, tail = OPERATIONS.partition(b'"200":')
        repeated = head + b"200: {description: again, content: {}},\n" + mark + tail
        document, notes = effective(repeated, OVERLAY)
        (note,) = [note for note in notes if note.where == "openapi.yaml:2"]
        assert "`200`" in note.what
        assert set(document["paths"]) == set(load(OPERATIONS, "openapi.json")["paths"])

    def test_a_duplicate_key_in_the_overlay_is_noted(self) -> None:
        _, notes = effective(OPENAPI, OVERLAY + b"info: {title: again, version: '2'}\n")
        assert f"overlay.yaml:{len(OVERLAY.splitlines()) + 1}" in [note.where for note in notes]

    def test_other_operations_get_no_page(self, whole: dict[str, Any]) -> None:
        parameters = whole["paths"]["/customers/{customerId}"]["get"]["parameters"]
        assert [parameter["name"] for parameter in parameters] == ["customerId"]
        assert "parameters" not in whole["paths"]["/customers"]["post"]

    def test_the_documents_do_not_share_nodes(self, whole: dict[str, Any]) -> None:
        first, second = (
            whole["paths"][path]["get"]["parameters"][-1] for path in ("/customers", "/invoices")
        )
        assert first == second
        assert first is not second

    @pytest.mark.document
    def test_page_is_not_added_if_upstream_declares_it(self) -> None:
        declared = OPENAPI.replace(
            b"      responses:\n",
            b"      parameters: [{name: page, in: query, schema: {type: integer}}]\n      responses:\n",
        )
        document = effective(declared, OVERLAY)[0]
        assert document["paths"]["/customers"]["get"]["parameters"] == [
            {"name": "page", "in": "query", "schema": {"type": "integer"}}
        ]

    @pytest.mark.document
    def test_page_is_not_added_if_upstream_declares_it_by_reference(self) -> None:
        declared = (
            OPENAPI.replace(
                b"      responses:\n",
                b"      parameters:\n        - $ref: '#/components/parameters/Page'\n      responses:\n",
            )
            + b"  parameters:\n    Page: {name: page, in: query, schema: {type: integer}}\n"
        )
        parameters = effective(declared, OVERLAY)[0]["paths"]["/customers"]["get"]["parameters"]
        assert parameters == [{"name": "page", "in": "query", "schema": {"type": "integer"}}]

    def test_fields_that_upstream_requires_are_not_listed_twice(self) -> None:
        upstream = whole_api()
        self.envelope(upstream, "/customers")["required"] = ["data"]
        document = effective(as_json(upstream), OVERLAY)[0]
        assert self.envelope(document, "/customers")["required"] == ["data", "next_page_url", "current_page"]

    def test_types_that_upstream_corrects_are_unchanged(self) -> None:
        upstream = whole_api()
        self.envelope(upstream, "/customers")["properties"]["from"]["nullable"] = True
        document = effective(as_json(upstream), OVERLAY)[0]
        assert self.envelope(document, "/customers")["properties"]["from"]["type"] == ["integer", "null"]
        assert self.envelope(document, "/invoices")["properties"]["from"]["type"] == ["integer", "null"]

    @pytest.mark.document
    def test_an_action_that_no_longer_matches_is_noted(self) -> None:
        corrected = OPENAPI.replace(
            b"      type: object\n      description: Customer\n", b"      required: [id]\n"
        )
        note = effective(corrected, OVERLAY)[1][-1]
        assert "Every customer has an `id`" in note.where
        assert "matches nothing" in note.what

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            (b"- a\n", "not a mapping"),
            (b"", "not a mapping"),
            (b"paths: {}\n", "`openapi`"),
            (b"openapi: 2.0.0\npaths: {}\n", "`openapi`"),
            (b"openapi: 3.1.1\n", "`paths`"),
            (b"openapi: 3.1.1\npaths: []\n", "`paths`"),
        ],
    )
    def test_not_an_openapi_document(self, text: bytes, cause: str) -> None:
        with pytest.raises(DocumentError, match=cause) as caught:
            effective(text, OVERLAY)
        assert str(caught.value).startswith("openapi.yaml: ")

    def test_an_error_in_the_overlay_names_its_file(self) -> None:
        with pytest.raises(ToolError, match=r"^overlay.yaml:2: "):
            effective(OPENAPI, b"overlay: 1.1.0\n\tinfo: 1\n")

    def test_each_action_gives_its_evidence(self) -> None:
        for action in load(OVERLAY, "overlay.yaml")["actions"]:
            assert len(action["description"].split()) > 8, action["target"]
