"""Which fields a table shows, and which hold dates."""

from __future__ import annotations

import pytest

from mijnklantportaal.cli.cells import Layout
from mijnklantportaal.document import Document, Json
from tests.whole import whole_api

WHOLE = Document(whole_api())
LAYOUTS = {each.command: Layout(fields=WHOLE.fields(WHOLE.items(each))) for each in WHOLE.lists}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("customers", ["id", "companyName", "city", "primaryEmail", "createdAt"]),
        ("customer-invoices", ["id", "invoiceNumber", "issuedAt", "amount", "paidAt"]),
        ("invoices", ["id", "invoiceNumber", "currency", "totalAmount", "issuedAt"]),
        ("tickets", ["id", "customerId", "title", "status", "createdAt"]),
        ("webhooks", ["id", "type", "createdAt"]),  # never the secret
        ("agreements", []),
    ],
)
def test_a_table_shows_the_most_useful_fields(name: str, columns: list[str]) -> None:
    assert list(LAYOUTS[name].in_a_table()) == columns


def test_a_table_shows_the_requested_columns() -> None:
    assert LAYOUTS["webhooks"]._replace(asked=("secret", "id")).in_a_table() == ("secret", "id")


@pytest.mark.parametrize(
    ("schema", "date"),
    [
        ({"type": "string", "format": "date-time"}, True),
        ({"type": "string", "format": "date"}, True),
        ({"type": "string", "example": "2024-04-29"}, True),
        ({"type": "string", "example": "2025-04-12T00:00:00.000Z"}, True),
        ({"type": "string", "format": "uuid", "example": "2024-04-29"}, False),
        ({"type": "string", "example": "2024-001"}, False),
        ({"type": "string"}, False),
        (True, False),
    ],
)
def test_dates(schema: Json, date: bool) -> None:
    assert Layout(fields={"field": schema}).is_date("field") is date


def test_an_undocumented_field_is_not_a_date() -> None:
    assert not Layout().is_date("createdAt")
