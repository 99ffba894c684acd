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
from tools.regenerate.tree import Json, Object, child, children
from tools.regenerate.walk import followed, operations

# oasdiff's levels: 1 is information, 2 a warning (an optional property was removed), 3 an error.
_WARNING = 2
# The generated client accepts any value in a response.
_HARMLESS = frozenset(["response-property-enum-value-added"])

_NONE = "none"
# With one of these, the API accepts requests of the client.
_BEARER = frozenset(["http bearer", "oauth2", "openidconnect", _NONE])


def http_changes(old: bytes, new: bytes) -> list[Change]:
    """Compare two documents, without the overlay; normalised, if oasdiff does not accept what upstream wrote.

    Raises:
        NodeError: oasdiff is not installed, or cannot read a document.
    """
    documents = [load(old, "old document"), load(new, "new document")]
    normalised = [normalise(document)[0] for document in documents]
    for before, after in (documents, normalised):
        # Flattened, so that a schema which is only composed in another way is the same; not all can be.
        done = _oasdiff(before, after, "--flatten-allof")
        if done.returncode:
            done = _oasdiff(before, after)
        if not done.returncode:
            break
    else:
        raise node.NodeError(f"oasdiff: {' '.join((done.stderr or done.stdout).split())[:300]}")
    found: list[dict[str, Any]] = json.loads(done.stdout) or []
    return (
        servers(old, new)
        + _security(*documents)
        + [
            Change(
                each["level"] >= _WARNING and each["id"] not in _HARMLESS,
                _kind(each["id"]),
                _where(each),
                each["text"],
            )
            for each in found
        ]
    )


def _oasdiff(old: Object, new: Object, *options: str) -> CompletedProcess[str]:
    with TemporaryDirectory(prefix="mijnklantportaal-diff-") as folder:
        for name, document in (("old.json", old), ("new.json", new)):
            # As JSON, so that oasdiff parses them as our tools do.
            Path(folder, name).write_text(json.dumps(document), encoding="utf-8")
        return node.run(
            "oasdiff", "changelog", "old.json", "new.json", "--format=json", "--allow-external-refs=false",
            *options, cwd=Path(folder),
        )  # fmt: skip


def servers(old: bytes, new: bytes) -> list[Change]:
    """Compare the documents' servers, which oasdiff ignores: the API key is sent there."""
    was, now = _server(old), _server(new)
    return [] if was == now else [Change(True, "changed", "server", f"{now}, was {was}")]


def _server(source: bytes) -> str:
    document, _ = normalise(load(source, "openapi.yaml"))
    return str(document["servers"][0]["url"]).rstrip("/")


def _security(old: Object, new: Object) -> list[Change]:
    """Compare how the API key may be sent: the client always sends a bearer token.

    oasdiff does not report it as breaking if that is no longer accepted.
    """
    was, now = _schemes(old), _schemes(new)
    if was == now:
        return []
    breaking = any(_BEARER.isdisjoint(each) for each in now - was)
    before, after = ("; ".join(sorted(" or ".join(sorted(each)) for each in found)) for found in (was, now))
    return [Change(breaking, "changed", "security", f"{after}, was {before}")]


def _schemes(document: Object) -> set[frozenset[str]]:
    """Return the alternatives of each operation's security, in words."""
    known = child(child(document, "components"), "securitySchemes")
    schemes = {name: _words(followed(document, scheme)) for name, scheme in known.items()}
    found: set[frozenset[str]] = set()
    for operation in operations(document):
        required = children(operation.node if "security" in operation.node else document, "security")
        alternatives = [[schemes.get(str(name), str(name)) for name in each] for each in required or [{}]]
        found.add(frozenset(" and ".join(each) or _NONE for each in alternatives))
    return found


def _words(scheme: Json) -> str:
    return " ".join(str(scheme[key]) for key in ("type", "scheme", "in", "name") if key in scheme).lower()


def _kind(name: str) -> Kind:
    if name.endswith("-added"):
        return "added"
    return "removed" if "-removed" in name or name.endswith("-deleted") else "changed"


def _where(found: dict[str, Any]) -> str:
    return f"{found['operation']} {found['path']}" if found.get("path") else found.get("section", "document")
