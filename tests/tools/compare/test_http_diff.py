"""Changes on the wire, and of server and security; `test_spec_diff` has more of them."""

from typing import Any

import pytest

from tests.changed import COMMENT, CURRENT, REMOVED, SERVER
from tests.whole import as_json
from tools.compare.http_diff import http_changes, servers
from tools.regenerate.effective import load


def current() -> Any:
    return load(CURRENT, "customers.yaml")


def breaking(old: bytes, new: bytes) -> list[str]:
    return [str(change) for change in http_changes(old, new) if change.breaking]


@pytest.mark.slow
def test_documents_that_oasdiff_rejects_are_normalised() -> None:
    known, slip = b"description: Current used endpoint", b"\n                    required: true"
    old, new = (document.replace(known, known + slip) for document in (CURRENT, REMOVED))
    assert slip in old
    assert [change.detail for change in http_changes(old, new)] == [
        change.detail for change in http_changes(CURRENT, REMOVED)
    ]


def test_the_server_is_compared_without_node() -> None:
    moved = "https://api.mijnklantportaal.eu/v2, was https://api.mijnklantportaal.nl/v1"
    assert [change.detail for change in servers(CURRENT, SERVER)] == [moved]
    assert servers(CURRENT, COMMENT) == []


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param([], id="none, which means the same one"),
        pytest.param([{"url": "https://api.mijnklantportaal.nl/v1/"}], id="with a slash"),
        pytest.param(
            [{"url": "https://api.mijnklantportaal.nl/v1"}, {"url": "https://sandbox.example/v1"}],
            id="another one that is not used",
        ),
    ],
)
def test_the_same_server(listed: list[dict[str, str]]) -> None:
    assert servers(CURRENT, as_json({**current(), "servers": listed})) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schemes", "expected"),
    [
        (
            [{"type": "apiKey", "in": "header", "name": "X-Api-Key"}],
            ["security: apikey header x-api-key, was http bearer"],
        ),
        ([{"type": "http", "scheme": "basic"}], ["security: http basic, was http bearer"]),
        ([{"type": "http", "scheme": "basic"}, {"type": "http", "scheme": "Bearer"}], []),
        ([], []),
    ],
)
def test_security_breaks_if_a_bearer_token_is_no_longer_accepted(
    schemes: list[dict[str, str]], expected: list[str]
) -> None:
    document = current()
    names = [f"Scheme{number}" for number in range(len(schemes))]
    document["components"]["securitySchemes"] = dict(zip(names, schemes, strict=True))
    document["security"] = [{name: []} for name in names]
    assert [line for line in breaking(CURRENT, as_json(document)) if "security" in line] == expected


@pytest.mark.slow
def test_security_is_compared_by_operation() -> None:
    document = current()
    operation = document["paths"]["/customers"]["get"]
    operation["security"] = document.pop("security")
    assert breaking(CURRENT, as_json(document)) == []
    document["components"]["securitySchemes"]["Key"] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    operation["security"] = [{"Key": []}]
    assert "security: apikey header x-key, was http bearer" in breaking(CURRENT, as_json(document))
    operation["security"] = [{"Key": []}, {}]
    assert [line for line in breaking(CURRENT, as_json(document)) if "security:" in line] == []


@pytest.mark.slow
def test_a_new_value_in_a_response_breaks_nothing() -> None:
    old, new = current(), current()
    for document, values in ((old, ["exact"]), (new, ["exact", "acumulus"])):
        document["components"]["schemas"]["Customer"]["properties"]["integration"]["enum"] = values
    assert http_changes(as_json(old), as_json(new))
    assert breaking(as_json(old), as_json(new)) == []


@pytest.mark.slow
def test_a_schema_composed_in_another_way_is_the_same() -> None:
    document = current()
    schemas = document["components"]["schemas"]
    customer = schemas["Customer"]
    schemas["Resource"] = {"type": "object", "properties": {"id": customer["properties"].pop("id")}}
    schemas["Customer"] = {"allOf": [{"$ref": "#/components/schemas/Resource"}, customer]}
    assert http_changes(CURRENT, as_json(document)) == []
