from pathlib import Path

import pytest

from tests.changed import CURRENT
from tests.support import answer, serving
from tools.regenerate.generate import ROOT
from tools.regenerate.upstream import UPSTREAM_URL, UpstreamError, extract, fetch


def page(fence: str, language: str, document: bytes = CURRENT, around: bytes = b"") -> bytes:
    """A page of the documentation site: text, and the document in a fenced block."""
    block = f"{fence}{language} /openapi.yaml get /customers\n".encode() + document + f"{fence}\n".encode()
    return b"> ## Documentation Index\n\n# List Customers\n\n" + around + block + b"\nMore words.\n"


EXAMPLE = b'```json\n{"current_page": 1}\n```\n\n```sh\ncurl openapi: 3\n```\n'


@pytest.mark.parametrize(
    "data",
    [
        CURRENT,
        page("````", "yaml"),
        page("```", "yaml"),
        page("~~~", "yml"),
        page("`````", "YAML"),
        page("````", "yaml", around=EXAMPLE),
    ],
)
def test_the_document_is_found_byte_for_byte(data: bytes) -> None:
    assert extract(data, "x") == CURRENT


def test_a_fence_within_the_document_does_not_end_it() -> None:
    document = CURRENT + b"x-note: |\n  ```\n  a shorter fence\n  ```\n"
    assert extract(page("````", "yaml", document), "x") == document


@pytest.mark.parametrize(
    "document", [b'{"openapi": "3.1.1", "paths": {}}', b'{\n  "info": {},\n  "openapi": "3.1.1"\n}\n']
)
def test_json(document: bytes) -> None:
    assert extract(document, "x") == document
    assert extract(page("```", "json", document.strip() + b"\n"), "x") == document.strip() + b"\n"


def test_line_endings_are_kept() -> None:
    document = CURRENT.replace(b"\n", b"\r\n")
    assert extract(page("````", "yaml").replace(b"\n", b"\r\n"), "x") == document


def test_a_document_with_a_syntax_error_is_returned_for_a_better_error() -> None:
    assert extract(CURRENT + b"paths: [", "x") == CURRENT + b"paths: ["


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"<!doctype html><html>moved</html>", "no OpenAPI document found"),
        (b"", "no OpenAPI document"),
        (EXAMPLE, "no OpenAPI document"),
        (page("```", "text"), "no OpenAPI document"),
        (page("````", "yaml", around=page("````", "yaml")), "2 OpenAPI documents found"),
        (page("````", "yaml").replace(b"````\n\nMore", b"\nMore"), "no OpenAPI document"),
    ],
)
def test_not_exactly_one_document(data: bytes, cause: str) -> None:
    with pytest.raises(UpstreamError, match=rf"^x: {cause}"):
        extract(data, "x")


class TestFetch:
    def test_a_file(self) -> None:
        assert fetch(str(ROOT / "tests" / "documents" / "customers.yaml")) == CURRENT

    def test_an_address(self) -> None:
        with serving(answer(page("````", "yaml"), content_type="text/markdown")) as wire:
            assert fetch(f"{wire.base_url}/list-customers.md") == CURRENT
            assert "authorization" not in wire.heads[0].lower()

    def test_an_address_with_another_status(self) -> None:
        with serving(answer(CURRENT, status=404)) as wire:
            with pytest.raises(UpstreamError, match=r"/a.md: HTTP status 404; name another source"):
                fetch(f"{wire.base_url}/a.md")

    @pytest.mark.parametrize("source", ["no-such-file.yaml", "http://127.0.0.1:1/a.md", "http://[/a.md"])
    def test_a_source_that_cannot_be_read(
        self, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(UpstreamError) as caught:
            fetch(source)
        assert str(caught.value).startswith(f"{source}: ")
        assert "\n" not in str(caught.value)

    def test_the_default_is_upstreams_own_site(self) -> None:
        assert UPSTREAM_URL.startswith("https://docs.developers.mijnklantportaal.nl/")
