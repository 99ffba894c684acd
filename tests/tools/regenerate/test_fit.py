from typing import Any

import pytest
from openapi_python_client.parser import GeneratorData

from tests.whole import as_json, part
from tools.regenerate.effective import effective
from tools.regenerate.fit import fit
from tools.regenerate.generate import CONFIG, ROOT
from tools.regenerate.tree import ToolError
from tools.regenerate.walk import named_schemas

OVERLAY = (ROOT / "overlay.yaml").read_bytes()
DOCUMENT = as_json(
    part(
        {"/customers": ["get"], "/tickets": ["get"], "/tickets/{ticketId}": ["get"], "/webhooks": ["get"]},
        {"Customer", "Error_ApiError", "Ticket", "TicketWithMessage", "Webhook"},
    )
)


def test_parts_that_crash_the_generator_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    working = GeneratorData.from_dict

    def crashing(document: dict[str, Any], **options: Any) -> Any:
        if named_schemas(document)["Webhook"] or "/tickets" in document["paths"]:
            raise KeyError("no such key")
        return working(document, **options)

    monkeypatch.setattr(GeneratorData, "from_dict", staticmethod(crashing))
    document, notes = fit(effective(DOCUMENT, OVERLAY)[0], ROOT / CONFIG)
    assert [(note.kind, note.where) for note in notes] == [
        ("incomplete", "Webhook"),
        ("left out", "GET /tickets"),
    ]
    assert all("the generator crashes (KeyError: 'no such key')" in note.what for note in notes)
    assert "/tickets/{ticketId}" in document["paths"]


def test_a_crash_on_the_whole_document_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def crashing(document: dict[str, Any], **options: Any) -> Any:
        if len(document["paths"]) > 1:
            raise KeyError("no such key")

    monkeypatch.setattr(GeneratorData, "from_dict", staticmethod(crashing))
    with pytest.raises(ToolError, match="not on any single part of it"):
        fit(effective(DOCUMENT, OVERLAY)[0], ROOT / CONFIG)
