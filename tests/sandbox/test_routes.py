"""Routes of small documents."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal.document import shipped
from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.routes import read
from tests.sandbox.helpers import served

ID = {"type": "string", "example": "wdg_abc123"}
ROW = {"type": "object", "properties": {"id": ID, "name": {"type": "string", "example": "Jij"}}}


def get(operation: str, schema: Any) -> dict[str, Any]:
    response = {"content": {"application/json": {"schema": schema}}}
    return {"get": {"operationId": operation, "responses": {"200": response}}}


def envelope(items: Any) -> Any:
    return {"properties": {"data": {"type": "array", "items": items}, "next_page_url": {"type": "string"}}}


def document(paths: dict[str, Any]) -> dict[str, Any]:
    return {"servers": [{"url": "https://example.nl/v2/"}], "paths": paths}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    paths = {
        "/me": get("getMe", ROW),
        "/me/roles": get("getRoles", {"type": "array", "items": {"type": "integer", "example": 3}}),
        "/widgets/{id}": get("getWidget", ROW),
        "/widgets/newest": get("getNewestWidget", {"type": "string", "example": "Nieuw"}),
        "/widgets": get("listMyWidgets", envelope(ROW)),
        "/words": get("list-words", envelope({"properties": {"word": {"type": "string", "example": "Ja"}}})),
        "/empty": {"get": {"operationId": "get-empty", "responses": {"404": {}}}},
        "/orphans/{id}/parts": get("get-parts", {"type": "object"}),
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document(paths)))
    return path


def test_a_small_document(small: Path) -> None:
    with served(document=small, items={"my-widgets": 2}) as (sandbox, client):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v2", sandbox.base_url)
        me = client.get("/me").json()
        assert re.fullmatch(r"wdg_[a-z0-9]{14}", me["id"])
        assert me["name"] == "Jij"
        assert client.get("/me/roles").json() in ([3], [3, 3])
        assert client.get("/widgets/newest").json() == "Nieuw"
        rows = client.get("/widgets").json()["data"]
        assert [row["id"] for row in rows] == sandbox.ids("my-widgets")
        assert client.get(f"/widgets/{rows[1]['id']}").json() == rows[1]
        assert client.get("/words").json()["data"] == [{"word": "Ja"}] * 15
        assert client.get("/orphans/x/parts").status_code == 404
        assert client.get("/v2").status_code == 404


def test_the_names_are_those_of_the_command() -> None:
    assert {operation.command for operation in shipped().lists} <= set(read(None).resources)


def test_the_shipped_document_is_read_once_and_without_the_client() -> None:
    assert read(None) is read(None)


def test_a_bad_document_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Sandbox(document=tmp_path / "nowhere.json")
