"""Tries a generated package: each operation is imported and called against a server on loopback.

`python -m tools.regenerate.trial PACKAGE` runs in a process of its own. The server answers with the
document's own examples; for each operation that fails, the output (JSON) says why.
"""

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from openapi_python_client.strings import PythonIdentifier

from tools.regenerate.examples import example
from tools.regenerate.tree import Json, Object, ToolError, is_array
from tools.regenerate.walk import Operation, operations

_ROOT: Final = Path(__file__).resolve().parents[2]
_SECONDS: Final = 120
_PLAIN: Final[dict[Any, Any]] = {str: "text", int: 1, float: 1.5, bool: True, Any: "text"}


def trial(package: Path) -> dict[str, str]:
    """Try each operation of a package, in a process of its own; returns why those fail that do.

    Raises:
        ToolError: The process itself failed.
    """
    command = [sys.executable, "-m", "tools.regenerate.trial", str(package.resolve())]
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing of the document is in the command
            command,
            env=environment,
            cwd=package.parent,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        raise ToolError(f"the generated package could not be tried: {''.join(said)}") from error
    return found


class _Server(ThreadingHTTPServer):
    """Answers each request with what was set before it, and keeps what was asked."""

    daemon_threads = True
    answer: tuple[int, str, bytes] = (200, "", b"")
    asked: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        server: Any = self.server
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.asked = f"{self.command} {self.path.partition('?')[0]}"
        status, media_type, body = server.answer
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""


@contextmanager
def _serving() -> Generator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def _failures(package: Path) -> dict[str, str]:
    sys.path.insert(0, str(package.parent))
    document: Object = json.loads((package / "openapi.json").read_bytes())
    found: dict[str, str] = {}
    with _serving() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        make: Any = importlib.import_module(f"{package.name}.client").Client
        with make(
            base_url=address, raise_on_unexpected_status=True, httpx_args={"trust_env": False}
        ) as client:
            for each in operations(document):
                try:
                    _try(document, each, package.name, client, server)
                except Exception as error:  # whatever it is, the others go on
                    why = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
                    found[each.name] = why.replace(address, "the server")
    return found


def _try(document: Object, operation: Operation, package: str, client: Any, server: _Server) -> None:
    tag = PythonIdentifier((operation.node.get("tags") or ["default"])[0], "tag")
    name = PythonIdentifier(operation.node["operationId"], "field_")
    call: Any = importlib.import_module(f"{package}.api.{tag}.{name}").sync_detailed
    hints = get_type_hints(call)
    arguments: dict[str, Any] = {}
    for parameter in inspect.signature(call).parameters:
        if parameter == "body":
            arguments[parameter] = _body(document, operation, hints[parameter])
        elif parameter != "client":
            arguments[parameter] = _value(hints[parameter])
    described, server.answer = _answer(document, operation)
    answered = call(client=client, **arguments)
    path = re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(operation.path))
    if not re.fullmatch(f"{operation.method.upper()} {path}", server.asked):
        raise AssertionError(f"it asked for {server.asked}")
    if described and answered.parsed is None:
        raise AssertionError("its answer is not parsed")
    if hasattr(answered.parsed, "to_dict"):
        answered.parsed.to_dict()


def _answer(document: Object, operation: Operation) -> tuple[bool, tuple[int, str, bytes]]:
    """Whether its answer can be parsed, and the answer."""
    for status, answer in operation.node["responses"].items():
        number = int(status) if status.isdecimal() else 200
        content: Object = answer.get("content") or {}
        for media_type, media in content.items():
            made = example(document, media.get("schema"))
            is_json = media_type.endswith("json")
            body = json.dumps(made, default=bytes.decode).encode() if is_json else b"text"
            return is_json and made is not None, (number, media_type, body)
        return False, (number, "", b"")
    return False, (200, "", b"")


def _body(document: Object, operation: Operation, hint: Any) -> Any:
    (media, *_) = operation.node["requestBody"]["content"].values()
    made = example(document, media.get("schema"))
    return _built(hint, made)


def _built(hint: Any, made: Json) -> Any:
    """An example as the type that an operation wants for it."""
    for choice in _choices(hint):
        if hasattr(choice, "from_dict") and isinstance(made, dict):
            return choice.from_dict(made)
        if get_origin(choice) is list and is_array(made):
            return [_built(get_args(choice)[0], one) for one in made]
        if getattr(choice, "__name__", "") == "File":
            return choice(payload=BytesIO(b"text"))
    return made


def _value(hint: Any) -> Any:
    choice = _choices(hint)[0]
    if get_origin(choice) is Literal:
        return get_args(choice)[0]
    if get_origin(choice) is list:
        return [_value(get_args(choice)[0])]
    if hasattr(choice, "from_dict"):
        return choice.from_dict({})
    if hasattr(choice, "fromisoformat"):
        return choice.fromisoformat("2026-01-31")
    return _PLAIN.get(choice, "text")


def _choices(hint: Any) -> list[Any]:
    """The alternatives of a type, but for those that stand for its absence."""
    alternatives = get_args(hint) if get_origin(hint) not in {None, list, dict, Literal} else (hint,)
    wanted = [one for one in alternatives if getattr(one, "__name__", "") not in {"Unset", "NoneType"}]
    return wanted or [hint]


if __name__ == "__main__":
    print(json.dumps(_failures(Path(sys.argv[1]))))
