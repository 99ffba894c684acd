"""The client generated from the whole API lists everything that the sandbox serves from the same document."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal import MijnKlantportaal, paginate
from mijnklantportaal.document import Document, Operation
from mijnklantportaal.sandbox import Sandbox
from tests.generated import WHOLE, generated_whole
from tests.sandbox.helpers import client_of, ids_in


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_whole(tmp_path_factory)


def call_of(operation: Operation, packages: Path) -> Any:
    name = operation.id.replace("-", "_")
    (module,) = (packages / WHOLE / "api").glob(f"*/{name}.py")
    return import_module(f"{WHOLE}.api.{module.parent.name}.{name}").sync


@pytest.mark.slow
def test_every_list_is_paginated_and_every_read_parsed(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    path = packages / WHOLE / "openapi.json"
    document = Document(json.loads(path.read_text()))
    assert len(document.lists) == 16
    with (
        Sandbox(document=path, limit=None) as sandbox,
        client_of(sandbox) as client,
        MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url) as portal,
    ):
        for operation in (each for each in document.operations if each.method == "GET"):
            call, ids = call_of(operation, packages), list(ids_in(operation.path, sandbox, client).values())
            if not operation.paginated:
                assert call(*ids, client=portal.client) is not None
                continue
            rows: list[Any] = list(paginate(call, *ids, client=portal.client))
            given = [row.to_dict()["id"] for row in rows]
            assert given == sandbox.ids(operation.command, owner=ids[0] if ids else None) != []
