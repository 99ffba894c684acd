"""Finishes the generated package in three steps.

- `py.typed` marks it as typed.
- `Unset` gets a repr, so that `print(customer.phone)` shows `UNSET` rather than an object's address.
- `models/__init__.py` imports a model on first access (PEP 562), so that importing the package costs the same
  however many models the document has. Type checkers see every name.
"""

import re
from pathlib import Path
from typing import Final

from tools.regenerate.tree import ToolError

_BOOL: Final = "    def __bool__(self) -> Literal[False]:\n        return False\n"
_REPR: Final = '\n    def __repr__(self) -> str:\n        return "UNSET"\n'
_IMPORT: Final = re.compile(r"^from \.(\w+) import (?:\(\s*)?(\w+)", re.MULTILINE)

_LAZY: Final = '''\
"""Contains all the data models used in inputs/outputs; each is imported when it is first asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
{imports}

__all__ = (
{names}
)

_MODULES = {{
{modules}
}}

if not TYPE_CHECKING:

    def __getattr__(name):
        if name not in _MODULES:
            raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
        from importlib import import_module

        globals()[name] = found = getattr(import_module(f".{{_MODULES[name]}}", __name__), name)
        return found

    def __dir__():
        return sorted({{*globals(), *__all__}})
'''


def finish(package: Path) -> None:
    """Finish the package.

    Raises:
        ToolError: The generator's code is not in the expected form.
    """
    (package / "py.typed").touch()
    types = package / "types.py"
    code = types.read_text(encoding="utf-8")
    if code.count(_BOOL) != 1:
        raise ToolError(
            "types.py: the class Unset is not in the expected form; see tools/regenerate/finish.py"
        )
    _write(types, code.replace(_BOOL, _BOOL + _REPR))
    models = package / "models" / "__init__.py"
    found = _IMPORT.findall(models.read_text(encoding="utf-8"))
    if len(found) != len(list(models.parent.glob("*.py"))) - 1:
        raise ToolError("models/__init__.py does not name every model; see tools/regenerate/finish.py")
    if found:
        _write(models, _lazy(found))


def _lazy(found: list[tuple[str, str]]) -> str:
    return _LAZY.format(
        imports="\n".join(f"    from .{module} import {name}" for module, name in found),
        names="\n".join(f'    "{name}",' for _, name in sorted(found, key=lambda pair: pair[1])),
        modules="\n".join(f'    "{name}": "{module}",' for module, name in found),
    )


def _write(path: Path, code: str) -> None:
    path.write_text(code, encoding="utf-8", newline="\n")
