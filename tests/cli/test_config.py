"""`mijnklantportaal config`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mijnklantportaal import __version__
from tests.support import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.helpers import Ran

    Invoke = Callable[..., Ran]

ROOT = Path(__file__).parents[2]


def shown(out: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in out.splitlines())}


def test_nothing_set(invoke: Invoke) -> None:
    done = invoke("config")
    assert (done.status, done.err) == (0, "")
    lines = shown(done.out)
    assert lines["API key"] == "none (the environment variable MIJNKLANTPORTAAL_API_KEY is not set)"
    assert lines["base URL"] == "https://api.mijnklantportaal.nl/v1, from the OpenAPI document"
    assert lines["client"].startswith(f"mijnklantportaal {__version__}, httpx ")
    document = hashlib.sha256((ROOT / "openapi.yaml").read_bytes()).hexdigest()
    assert lines["document"] == f"openapi.yaml sha256:{document}"
    assert lines["generator"].startswith("openapi-python-client ")


def test_differences_from_the_document(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [
        {"kind": "left out", "where": "POST /agreements", "what": "why"},
        {"kind": "adjusted", "where": "#/a", "what": "this as that"},
        {"kind": "adjusted", "where": "#/b", "what": "this as that"},
    ]
    made_of = {"openapi.yaml": "sha256:0", "generator": "x"}
    monkeypatch.setattr("mijnklantportaal.document.provenance", lambda: made_of | {"notes": notes})
    assert invoke("config").out.splitlines()[5:] == [
        "left out:   POST /agreements: why",
        "adjusted:   2 places: this as that",
    ]
    monkeypatch.setattr("mijnklantportaal.document.provenance", lambda: made_of)
    assert len(invoke("config").out.splitlines()) == 5


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "https://other.example/v1")
    done = invoke("config")
    assert shown(done.out)["API key"] == "****4711, from the environment variable MIJNKLANTPORTAAL_API_KEY"
    assert shown(done.out)["base URL"] == (
        "https://other.example/v1, from the environment variable MIJNKLANTPORTAAL_BASE_URL"
    )
    assert KEY not in done.out


def test_from_a_file(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "key").write_text(KEY)
    done = invoke("config", "--api-key-file", str(tmp_path / "key"))
    assert shown(done.out)["API key"] == f"****4711, from the file {tmp_path / 'key'}"


def test_sandbox(invoke: Invoke) -> None:
    lines = shown(invoke("config", "--sandbox").out)
    assert lines["API key"] == "****, from the embedded sandbox"
    assert lines["base URL"].endswith("/v1, from the embedded sandbox")


def test_an_invalid_base_url_is_an_error(monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "http://other.example/v1")
    done = invoke("config")
    assert done.status == 2
    assert "https://" in done.err
