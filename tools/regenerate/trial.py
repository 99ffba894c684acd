"""Tries a generated package: calls each operation on a loopback server that sends the document's examples.

`trial` runs `python -m tools.regenerate.trial PACKAGE`, which prints the errors by operation, as JSON.
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
_SECONDS: Final = 120  # for all operations
_SECONDS_EACH: Final = 5
_PLAIN: Final[dict[Any, Any]] = {str: "text", int: 1, float: 1.5, bool: True, Any: "text"}


def trial(package: Path) -> dict[str, str]:
    """Try each operation of a package in a child process, and return the errors of those that fail.

    Raises:
        ToolError: The child process failed or timed out.
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
    """Sends the response that was set before the request, and records the request."""

    daemon_threads = True
    response: tuple[int, str, bytes] = (200, "", b"")
    requested: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _respond(self) -> None:
        server: Any = self.server
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.requested = f"{self.command} {self.path.partition('?')[0]}"
        status, media_type, body = server.response
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._respond
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Log nothing."""


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
        options = {"timeout": _SECONDS_EACH, "httpx_args": {"trust_env": False}}
        with make(base_url=address, raise_on_unexpected_status=True, **options) as client:
            for each in operations(document):
                try:
                    _try(document, each, package.name, client, server)
                except Exception as error:  # whatever it is, try the others
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
    described, server.response = _response(document, operation)
    result = call(client=client, **arguments)
    path = re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(operation.path))
    if not re.fullmatch(f"{operation.method.upper()} {path}", server.requested):
        raise AssertionError(f"it requested {server.requested}")
    if described and result.parsed is None:
        raise AssertionError("its response is not parsed")
    if hasattr(result.parsed, "to_dict"):
        result.parsed.to_dict()


def _response(document: Object, operation: Operation) -> tuple[bool, tuple[int, str, bytes]]:
    """Return whether the response should be parsed, and the response: status, media type, body."""
    for status, response in operation.node["responses"].items():
        number = int(status) if status.isdecimal() else 200
        content: Object = response.get("content") or {}
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
    """Convert an example to the type that an operation expects."""
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
    """Return the alternatives of a type, without `None` and `Unset`."""
    alternatives = get_args(hint) if get_origin(hint) not in {None, list, dict, Literal} else (hint,)
    wanted = [one for one in alternatives if getattr(one, "__name__", "") not in {"Unset", "NoneType"}]
    return wanted or [hint]


if __name__ == "__main__":
    print(json.dumps(_failures(Path(sys.argv[1]))))
