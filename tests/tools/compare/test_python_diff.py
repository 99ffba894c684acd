"""What a changed document means for callers, change by change; `test_spec_diff` has documents of upstream."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.generated import generated
from tests.whole import as_json, whole_api
from tools.compare.python_diff import python_changes

Edit = Callable[[Any], object]


def document() -> Any:
    """Some operations of the whole API: lists, one item, and bodies that callers write."""
    paths = ("/customers", "/customers/{customerId}", "/webhooks", "/appointments/{appointmentId}")
    whole = whole_api()
    whole["paths"] = {path: whole["paths"][path] for path in paths}
    return whole


def fields(document: Any, schema: str) -> Any:
    return document["components"]["schemas"][schema]["properties"]


def body(document: Any, method: str, path: str) -> Any:
    return document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]


def webhook(document: Any) -> Any:
    return body(document, "post", "/webhooks")


def appointment(document: Any) -> Any:
    return document["paths"]["/appointments/{appointmentId}"]


def unchanged(document: Any) -> None:
    pass


def parameter(**schema: Any) -> Edit:
    """Gives `list_webhooks` a parameter."""
    node = {"name": "days", "in": "query", "schema": schema}
    return lambda document: document["paths"]["/webhooks"]["get"].update(parameters=[node])


def status(*values: str) -> Edit:
    return lambda document: webhook(document)["properties"]["type"].update(enum=list(values))


CASES = {
    "an operation in another module": (
        unchanged,
        lambda each: each["paths"]["/webhooks"]["post"].update(tags=["Hooks API"]),
        ["BREAKING create_webhook: in hooks_api, was in webhooks_api"],
    ),
    "a required field retyped": (
        unchanged,
        lambda each: fields(each, "Customer")["id"].update(type="integer"),
        ["BREAKING Customer.id: int, was str"],
    ),
    "a field that is now always there": (
        lambda each: each["components"]["schemas"]["Webhook"].update(required=["url"]),
        lambda each: each["components"]["schemas"]["Webhook"].update(required=["url", "type"]),
        ["Webhook.type_: required, was optional", "Webhook.type_: str, was str | Unset"],
    ),
    "an argument that is now required": (
        unchanged,
        lambda each: body(each, "post", "/customers")["required"].append("countryCode"),
        [
            "BREAKING CreateCustomerBody.country_code: required, was optional",
            "BREAKING CreateCustomerBody.country_code: str, was str | Unset",
        ],
    ),
    "an argument that is now optional": (
        unchanged,
        lambda each: webhook(each).update(required=["type"]),
        [
            "BREAKING CreateWebhookBody: order of the arguments: type_, url, was url, type_",
            "CreateWebhookBody.url: str | Unset, was str",
        ],
    ),
    "an argument that may now be null": (
        unchanged,
        lambda each: webhook(each)["properties"]["url"].update(nullable=True),
        ["CreateWebhookBody.url: str | None, was str"],
    ),
    "an argument that may no longer be null": (
        lambda each: webhook(each)["properties"]["url"].update(nullable=True),
        unchanged,
        ["BREAKING CreateWebhookBody.url: str, was str | None"],
    ),
    "a new required argument": (
        unchanged,
        lambda each: body(each, "post", "/customers").update(
            required=[*body(each, "post", "/customers")["required"], "vat"],
            properties=body(each, "post", "/customers")["properties"] | {"vat": {"type": "string"}},
        ),
        ["BREAKING CreateCustomerBody.vat: str, required"],
    ),
    "a model that is both returned and passed": (
        lambda each: webhook(each).update({"$ref": "#/components/schemas/Webhook"}),
        lambda each: (
            webhook(each).update({"$ref": "#/components/schemas/Webhook"}),
            each["components"]["schemas"]["Webhook"].update(required=["url"]),
        ),
        [
            "BREAKING Webhook.url: required, was optional",
            "BREAKING Webhook.url: str, was str | Unset",
        ],
    ),
    "a model that is passed for the first time": (
        unchanged,
        lambda each: (
            webhook(each).update({"$ref": "#/components/schemas/Webhook"}),
            each["components"]["schemas"]["Webhook"].update(required=["url"]),
        ),
        [
            "BREAKING CreateWebhookBody: removed",
            "BREAKING create_webhook(body=): Webhook | Unset, was CreateWebhookBody | Unset",
            "Webhook.url: required, was optional",
            "Webhook.url: str, was str | Unset",
        ],
    ),
    "a long name": (
        lambda each: fields(each, "Webhook").update(
            {"a" + "VeryLong" * 8 + "Name": {"type": "string", "nullable": True}}
        ),
        lambda each: fields(each, "Webhook").update({"a" + "VeryLong" * 8 + "Name": {"type": "string"}}),
        ["Webhook.a" + "_very_long" * 8 + "_name: str | Unset, was str | None | Unset"],
    ),
    "a default that every request sends": (
        unchanged,
        lambda each: body(each, "patch", "/customers/{customerId}")["properties"]["city"].update(default="X"),
        ["BREAKING EditCustomerBody.city: default 'X', was UNSET"],
    ),
    "a default of a parameter": (
        parameter(type="integer"),
        parameter(type="integer", default=7),
        ["BREAKING list_webhooks(days=): default 7, was UNSET"],
    ),
    "a new value to pass": (status("a", "b"), status("a", "b", "c"), ["CreateWebhookBodyType: Literal['a']"]),
    "a value that may no longer be passed": (
        status("a", "b"),
        status("a"),
        ["BREAKING CreateWebhookBodyType: Literal['a'], was Literal['a'] | Literal['b']"],
    ),
    "two fields that share a name in Python": (
        unchanged,
        lambda each: fields(each, "Customer").update(zip_code={"type": "string"}),
        [
            "BREAKING Customer.zip_code: the value of `zip_code`, was that of `zipCode`",
            "Customer.zipCode: str | Unset",
        ],
    ),
    "a field with another name in JSON": (
        unchanged,
        lambda each: fields(each, "Customer").update(zip_code=fields(each, "Customer").pop("zipCode")),
        [],
    ),
    "arguments in another order": (
        unchanged,
        lambda each: webhook(each).update(properties=dict(reversed(webhook(each)["properties"].items()))),
        ["BREAKING CreateWebhookBody: order of the arguments: type_, url, was url, type_"],
    ),
    "fields in another order": (
        unchanged,
        lambda each: each["components"]["schemas"]["Webhook"].update(
            properties=dict(reversed(fields(each, "Webhook").items()))
        ),
        [],
    ),
    "no fields but those of the document": (
        unchanged,
        lambda each: each["components"]["schemas"]["Webhook"].update(additionalProperties=False),
        ["BREAKING Webhook.additional_properties: removed"],
    ),
    "no content": (
        unchanged,
        lambda each: appointment(each)["delete"].update(responses={"204": {"description": "canceled"}}),
        [
            "BREAKING cancel_appointment(): Response[Any], was Response[Appointment]",
            "BREAKING cancel_appointment.asyncio: removed",
            "BREAKING cancel_appointment.sync: removed",
        ],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_callers_see(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = []
    *edits, expected = CASES[name]
    for edit in edits:
        changed = document()
        edit(changed)
        packages.append(generated(as_json(changed), tmp_path_factory)[0])
    changes = python_changes(*packages)
    described = sorted(f"{'BREAKING ' if change.breaking else ''}{change}" for change in changes)
    assert len(described) == len(expected)
    assert [text[: len(start)] for text, start in zip(described, expected, strict=True)] == expected
