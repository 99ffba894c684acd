"""Tries a generated package: calls each operation on a sandbox that sends the document's examples.

`trial` runs `python -m tools.regenerate.trial PACKAGE`, which reads the modules and prints the errors, in
JSON by operation. It does not import the generator, which takes long.
"""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import UnionType
from typing import Any, BinaryIO, Final, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit
from uuid import UUID

import attrs

from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import ReceivedRequest, Status
from mijnklantportaal.sandbox.invent import Inventor, make_id
from mijnklantportaal.sandbox.routes import Api
from tools.regenerate.tree import Object, ToolError, child
from tools.regenerate.walk import Operation, operations

_ROOT: Final = Path(__file__).resolve().parents[2]
_SECONDS: Final = 120  # for all operations
_SECONDS_EACH: Final = 5
_DEEP: Final = 4  # deeper optional fields are left out: models can be recursive
_VALUES: Final[dict[Any, Any]] = {
    bool: True,
    int: 1,
    float: 1.5,
    date: date(2026, 1, 31),
    datetime: datetime.fromisoformat("2026-01-31T12:00:00+01:00"),
    UUID: UUID(int=0),
    BinaryIO: BytesIO(b"text"),
}


def trial(package: Path) -> dict[str, str]:
    """Try each operation of a package in a child process, and return the errors of those that fail.

    Raises:
        ToolError: The child process failed or timed out.
    """
    from openapi_python_client.strings import PythonIdentifier  # noqa: PLC0415 - the child does without it

    def module(operation: Operation) -> str:
        tag = PythonIdentifier((operation.node.get("tags") or ["default"])[0], "tag")
        return f"{package.name}.api.{tag}.{PythonIdentifier(operation.node['operationId'], 'field_')}"

    document: Object = json.loads((package / "openapi.json").read_bytes())
    command = [sys.executable, "-m", "tools.regenerate.trial", str(package.resolve())]
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing of the document is in the command
            command,
            env=environment,
            cwd=package.parent,
            input=json.dumps({each.name: module(each) for each in operations(document)}),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        cause = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        raise ToolError(f"the generated package could not be tried: {''.join(cause)}") from error
    return found


def _failures(package: Path, modules: dict[str, str]) -> dict[str, str]:
    sys.path.insert(0, str(package.parent))
    path = package / "openapi.json"
    document: Object = json.loads(path.read_bytes())
    inventor = Inventor(Api(document).resolve, lambda prefix, place: make_id(prefix, 0, place), "0", 1)
    found: dict[str, str] = {}
    responses: list[Status] = []  # the last is sent to every request
    with Sandbox(document=path, faults=lambda _: responses[-1]) as sandbox:
        address = f"http://{urlsplit(sandbox.base_url).netloc}"
        make: Any = import_module(f"{package.name}.client").Client
        options = {"timeout": _SECONDS_EACH, "httpx_args": {"trust_env": False}}
        with make(base_url=address, raise_on_unexpected_status=True, **options) as client:
            for each in operations(document):
                try:
                    is_described, response = _response(each, inventor)
                    responses.append(response)
                    parsed = _call(modules[each.name], package.name, client)
                    _check(each, sandbox.requests[-1], parsed, is_described=is_described)
                except Exception as error:  # whatever it is, try the others
                    why = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
                    found[each.name] = why.replace(address, "the server")
    return found


def _call(module: str, package: str, client: Any) -> Any:
    call: Any = import_module(module).sync_detailed
    hints = {key: hint for key, hint in get_type_hints(call).items() if key not in {"client", "return"}}
    return call(client=client, **{key: _value(hint, package) for key, hint in hints.items()}).parsed


def _check(operation: Operation, request: ReceivedRequest, parsed: Any, *, is_described: bool) -> None:
    path = re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(operation.path))
    if request.method != operation.method.upper() or not re.fullmatch(path, request.path):
        raise AssertionError(f"it requested {request.method} {request.path}")
    if is_described and parsed is None:
        raise AssertionError("its response is not parsed")
    if hasattr(parsed, "to_dict"):
        parsed.to_dict()


def _response(operation: Operation, inventor: Inventor) -> tuple[bool, Status]:
    """Return whether the response should be parsed, and the response."""
    responses: Object = operation.node["responses"]
    status = next(iter(responses), "200")
    number = int(status) if status.isdecimal() else 200
    for media_type, media in child(child(responses, status), "content").items():
        headers = {"Content-Type": media_type}
        if not media_type.endswith("json"):
            return False, Status(number, b"text", headers)
        value = inventor.value(child(media, "schema"))
        return value is not None, Status(number, json.dumps(value), headers)
    return False, Status(number, b"", {"Content-Type": None})


def _value(hint: Any, package: str, depth: int = 0) -> Any:
    """Make a value of a type; of several, the first that is neither None nor Unset."""
    choices = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    names = {"Unset", "NoneType"}
    choice: Any = next((one for one in choices if getattr(one, "__name__", "") not in names), None)
    if get_origin(choice) is Literal:
        return get_args(choice)[0]
    if get_origin(choice) is list:
        return [_value(get_args(choice)[0], package, depth + 1)]
    if not attrs.has(choice):
        return _VALUES.get(choice, "text")
    hints = get_type_hints(choice, localns=_models(package))
    return choice(**{
        field.alias: _value(hints[field.name], package, depth + 1)
        for field in attrs.fields(choice)
        if field.init and (field.default is attrs.NOTHING or depth < _DEEP)
    })  # fmt: skip


@cache
def _models(package: str) -> dict[str, Any]:
    """Return the models by name: annotations refer to them without importing them."""
    models, found = import_module(f"{package}.models"), dict[str, Any]()
    for name in getattr(models, "__all__", ()):
        with suppress(Exception):  # an operation that needs this model will fail
            found[name] = getattr(models, name)
    return found


if __name__ == "__main__":
    print(json.dumps(_failures(Path(sys.argv[1]), json.load(sys.stdin))))
