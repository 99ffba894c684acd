"""A later version of upstream's document, with one realistic change of each kind.

It is a changed copy, so that these tests do not depend on openapi.yaml.
"""

from __future__ import annotations

from tests.whole import as_json, whole_api
from tools.regenerate.effective import load
from tools.regenerate.generate import ROOT

DOCUMENT = (ROOT / "tests" / "documents" / "customers.yaml").read_text(encoding="utf-8")

_FIELD = "        countryCode:\n"
_NEXT = "        primaryEmail:\n"


def _replaced(old: str, new: str) -> bytes:
    assert old in DOCUMENT
    return DOCUMENT.replace(old, new).encode()


def _without_field() -> bytes:
    head, _, tail = DOCUMENT.partition(_FIELD)
    return (head + _NEXT + tail.partition(_NEXT)[2]).encode()


def _with_more_operations() -> bytes:
    """Adds operations of the whole API, one of them with a parameter in its path."""
    document, whole = load(DOCUMENT.encode(), "customers.yaml"), whole_api()
    for path in ("/invoices", "/payment-links/{linkId}/payments"):
        document["paths"][path] = {"get": whole["paths"][path]["get"]}
    for name in ("Invoice", "PaymentLinkPayment"):
        document["components"]["schemas"][name] = whole["components"]["schemas"][name]
    return as_json(document)


CURRENT = DOCUMENT.encode()
# An older document had no `countryCode`, so the change to CURRENT adds a field.
REMOVED = _without_field()
RETYPED = _replaced(
    "        integrationId:\n          type: string\n", "        integrationId:\n          type: integer\n"
)
OPERATIONS = _with_more_operations()
PAGE_DECLARED = _replaced(
    "      operationId: list-customers\n",
    "      operationId: list-customers\n      parameters:\n        - name: page\n          in: query\n"
    "          required: false\n          schema:\n            type: integer\n",
)
PAGE_REQUIRED = PAGE_DECLARED.replace(b"required: false", b"required: true")
NULLABLE_FIXED = _replaced("type: string\n          nullable: true\n", "type: [string, 'null']\n")
SERVER = _replaced(
    "  - url: https://api.mijnklantportaal.nl/v1\n", "  - url: https://api.mijnklantportaal.eu/v2\n"
)
COMMENT = b"# published again\n" + CURRENT
BROKEN = CURRENT + b"paths: [\n"
NO_OPENAPI = _replaced("openapi: 3.1.1\n", "swagger: '2.0'\n")
