import hashlib

from tools.regenerate.generate import ROOT


def test_upstreams_document_is_byte_for_byte_what_was_fetched() -> None:
    digest = hashlib.sha256((ROOT / "openapi.yaml").read_bytes()).hexdigest()
    assert (ROOT / "openapi.yaml.sha256").read_text(encoding="ascii") == f"{digest}\n", (
        "openapi.yaml was edited; corrections belong in overlay.yaml"
    )
