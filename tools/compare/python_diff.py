"""Changes for callers from one generated package to another; griffe parses both, neither is imported.

griffe finds breaking changes of a function's parameters. It does not compare the types of attributes and
parameters, nor report additions, so this module does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import griffe

from tools.compare.changes import Change
from tools.regenerate.generate import PACKAGE

# Every operation has up to four functions with the same parameters; this one always exists.
_CALL: Final = "sync_detailed"


@dataclass(frozen=True)
class _Entry:
    """Something that callers use: an operation, one of its parameters, a model, one of its attributes.

    Attributes:
        types: The alternatives of its type.
        required: Whether callers must pass it.
        written: Whether callers only pass it, so that fewer types break them, and more do not.
        group: For an operation: its module.
    """

    types: frozenset[str] = frozenset()
    required: bool = False
    written: bool = False
    group: str = ""

    def __str__(self) -> str:
        return " | ".join(sorted(self.types, key=lambda name: (name in {"None", "Unset"}, name)))


def python_changes(old: Path, new: Path) -> list[Change]:
    """Compare the packages in two folders."""
    before, after = _load(old), _load(new)
    was, now = dict(_entries(before)), dict(_entries(after))
    changes = [
        Change(True, "removed", name, group=was[name].group)
        for name in was.keys() - now.keys()
        if not _within(name, was, now)
    ]
    for name in now.keys() - was.keys():
        if not _within(name, now, was):
            needed = now[name].required and _owner(name) in was
            detail = f"{now[name]}{', required' if needed else ''}"
            changes.append(Change(needed, "added", name, detail, now[name].group))
    for name in was.keys() & now.keys():
        changes += _compared(name, was[name], now[name])
    return sorted([*changes, *_moved(before, after)])


def _load(folder: Path) -> griffe.Module:
    found: Any = griffe.load(
        PACKAGE, search_paths=[folder], try_relative_path=False, allow_inspection=False, resolve_aliases=True
    )
    module: griffe.Module = found
    return module


def _entries(package: griffe.Module) -> Iterator[tuple[str, _Entry]]:
    for group, tag in package["api"].modules.items():
        for name, operation in tag.modules.items():
            yield name, _Entry(group=group)
            call = operation[_CALL]
            yield f"{name}()", _Entry(_types(call.returns))
            for parameter in call.parameters:
                types = _types(parameter.annotation)
                yield f"{name}({parameter.name}=)", _Entry(types, parameter.required, written=True)
    for module in package["models"].modules.values():
        for name, model in module.members.items():
            if isinstance(model, griffe.Class):
                yield name, _Entry()
                for field, attribute in model.attributes.items():
                    if "class-attribute" in attribute.labels and field != "additional_properties":
                        yield f"{name}.{field}", _Entry(_types(attribute.annotation), attribute.value is None)
            elif isinstance(model, griffe.Attribute) and str(model.value).startswith("Literal["):
                yield name, _Entry(_types(model.value))


def _types(expression: Any) -> frozenset[str]:
    """Return the alternatives of a type; each value of a Literal is one."""
    if isinstance(expression, griffe.ExprBinOp):
        return _types(expression.left) | _types(expression.right)
    if isinstance(expression, griffe.ExprSubscript) and str(expression.left) == "Literal":
        values = (
            expression.slice.elements
            if isinstance(expression.slice, griffe.ExprTuple)
            else [expression.slice]
        )
        return frozenset(f"Literal[{value}]" for value in values)
    return frozenset([str(expression)])


def _compared(name: str, was: _Entry, now: _Entry) -> Iterator[Change]:
    if was.types != now.types:
        # A new type breaks code that reads the value; a removed type breaks code that passes it.
        surprise = was.types - now.types if now.written else now.types - was.types
        yield Change(bool(surprise), "changed", name, f"{now}, was {was}")
    if now.required and not (was.required or now.written):  # griffe reports it for parameters
        yield Change(True, "changed", name, "required, was optional")


def _moved(before: griffe.Module, after: griffe.Module) -> Iterator[Change]:
    for breakage in griffe.find_breaking_changes(before, after):
        is_call = isinstance(breakage.obj, griffe.Function) and breakage.obj.name == _CALL
        old, new = breakage.old_value, breakage.new_value
        if is_call and isinstance(old, griffe.Parameter) and isinstance(new, griffe.Parameter):
            operation = breakage.obj.module.name
            yield Change(True, "changed", f"{operation}({old.name}=)", breakage.kind.value)


def _owner(name: str) -> str:
    return name.partition("(" if "(" in name else ".")[0]


def _within(name: str, here: dict[str, _Entry], there: dict[str, _Entry]) -> bool:
    """Return whether it was added or removed together with its operation or model."""
    owner = _owner(name)
    return owner != name and owner in here and owner not in there
