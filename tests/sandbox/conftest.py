"""The whole API as the client would be generated from it."""

import json
from pathlib import Path

import pytest

from tools.regenerate.effective import effective
from tools.regenerate.generate import ROOT


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    upstream = (ROOT / "tests" / "documents" / "whole-api.yaml").read_bytes()
    document, _ = effective(upstream, (ROOT / "overlay.yaml").read_bytes())
    path = tmp_path_factory.mktemp("whole") / "openapi.json"
    path.write_text(json.dumps(document))
    return path
