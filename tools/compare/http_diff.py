"""Changes on the wire from one document to another, found by oasdiff."""

import json
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Any

from tools.compare import node
from tools.compare.changes import Change, Kind
from tools.regenerate.effective import load
from tools.regenerate.normalise import normalise
from tools.regenerate.tree import Object

# oasdiff's levels: 1 is information, 2 a warning (an optional property was removed), 3 an error.
_WARNING = 2


def http_changes(old: bytes, new: bytes) -> list[Change]:
    """Compare two documents, without the overlay; normalised, if oasdiff does not accept what upstream wrote.

    Raises:
        NodeError: oasdiff is not installed, or cannot read a document.
    """
    documents = [load(old, "old document"), load(new, "new document")]
    done = _oasdiff(*documents)
    if done.returncode:
        done = _oasdiff(*(normalise(document)[0] for document in documents))
    if done.returncode:
        raise node.NodeError(f"oasdiff: {' '.join((done.stderr or done.stdout).split())[:300]}")
    found: list[dict[str, Any]] = json.loads(done.stdout) or []
    return servers(old, new) + [
        Change(each["level"] >= _WARNING, _kind(each["id"]), _where(each), each["text"]) for each in found
    ]


def _oasdiff(old: Object, new: Object) -> CompletedProcess[str]:
    with TemporaryDirectory(prefix="mijnklantportaal-diff-") as folder:
        for name, document in (("old.json", old), ("new.json", new)):
            # As JSON, so that oasdiff parses them as our tools do.
            Path(folder, name).write_text(json.dumps(document), encoding="utf-8")
        return node.run(
            "oasdiff", "changelog", "old.json", "new.json", "--format=json", "--allow-external-refs=false",
            cwd=Path(folder),
        )  # fmt: skip


def servers(old: bytes, new: bytes) -> list[Change]:
    """Compare the documents' servers, which oasdiff ignores: the API key is sent there."""
    before, after = _servers(old), _servers(new)
    if before == after:
        return []
    return [Change(True, "changed", "servers", f"{_words(after)}, was {_words(before)}")]


def _servers(document: bytes) -> list[str]:
    listed: list[Object] = load(document, "openapi.yaml").get("servers") or []
    return [str(server.get("url")) for server in listed]


def _words(urls: list[str]) -> str:
    return " and ".join(urls) or "none"


def _kind(name: str) -> Kind:
    if name.endswith("-added"):
        return "added"
    return "removed" if name.endswith(("-removed", "-deleted")) else "changed"


def _where(found: dict[str, Any]) -> str:
    return f"{found['operation']} {found['path']}" if found.get("path") else found.get("section", "document")
