"""What callers use of a generated package; griffe parses it, it is not imported."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import griffe

from tools.regenerate.generate import PACKAGE

# Every operation has up to four functions with the same parameters; this one always exists.
CALL: Final = "sync_detailed"
# For an attribute of a model: `zip_code = d.pop("zipCode", …`, or `_created_at = …` if it is then parsed.
_READ_FROM: Final = re.compile(r'^ +_?(\w+) = [^\n]*?\s*d\.pop\(\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """Something that callers use: an operation, one of its parameters, a model, one of its attributes.

    Attributes:
        types: The alternatives of its type.
        required: Whether callers must pass it, or it is always there.
        default: What it is if callers do not pass it.
        read: Whether callers get it, so that a new type breaks them.
        written: Whether callers pass it, so that removing a type breaks them.
        group: For an operation: its module.
        wire: For an attribute: its name in JSON.
        required_arguments: For a model: in their order.
        arguments: For a model: all of them, in their order.
    """

    types: frozenset[str] = frozenset()
    required: bool = False
    default: str = ""
    read: bool = True
    written: bool = False
    group: str = ""
    wire: str = ""
    required_arguments: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " | ".join(sorted(self.types, key=lambda name: (name in {"None", "Unset"}, name)))


class Package:
    """A generated package.

    Attributes:
        module: What griffe read.
        entries: What callers use, by name.
    """

    def __init__(self, module: griffe.Module) -> None:
        self.module = module
        self._models = {
            name: member
            for each in module["models"].modules.values()
            for name, member in each.members.items()
            if isinstance(member, griffe.Class | griffe.Attribute)
        }
        self.entries = dict(self._all())

    def _all(self) -> Iterator[tuple[str, Entry]]:
        returned: list[Any] = []
        passed: list[Any] = []
        for group, tag in self.module["api"].modules.items():
            for name, operation in tag.modules.items():
                yield name, Entry(written=True, group=group)
                call = operation[CALL]
                returned.append(call.returns)
                yield f"{name}()", Entry(_types(call.returns))
                for other in {"sync", "asyncio"} & operation.functions.keys():
                    yield f"{name}.{other}", Entry()
                for parameter in call.parameters:
                    types, required = _types(parameter.annotation), parameter.required
                    default = "" if required else str(parameter.default)
                    if parameter.name != "client":
                        passed.append(parameter.annotation)
                    yield (
                        f"{name}({parameter.name}=)",
                        Entry(types, required, default, read=False, written=True),
                    )
        read, written = self._reached(returned), self._reached(passed)
        for name, model in self._models.items():
            if isinstance(model, griffe.Class):
                yield from _attributes(name, model, read=name in read, written=name in written)
            elif str(model.value).startswith("Literal["):  # only callers pass one: in responses, all are open
                yield name, Entry(_types(model.value), read=False, written=True)

    def _reached(self, annotations: Iterable[Any]) -> set[str]:
        """Return the models that these annotations name, and those that they consist of."""
        found: set[str] = set()
        left = [str(each) for each in annotations]
        while left:
            for name in self._models.keys() & set(re.findall(r"\w+", left.pop())) - found:
                found.add(name)
                left += [str(each.annotation) for each in self._models[name].attributes.values()]
        return found


def read(folder: Path) -> Package:
    """Read the package in a folder."""
    found: Any = griffe.load(
        PACKAGE, search_paths=[folder], try_relative_path=False, allow_inspection=False, resolve_aliases=True
    )
    return Package(found)


def _attributes(name: str, model: griffe.Class, *, read: bool, written: bool) -> Iterator[tuple[str, Entry]]:
    if not (read or written):  # unknown
        read = written = True
    found = {key: each for key, each in model.attributes.items() if "property" not in each.labels}
    source = model.members["from_dict"].source if "from_dict" in model.members else ""
    wires = dict(_READ_FROM.findall(source))
    required = tuple(key for key, each in found.items() if each.value is None)
    yield name, Entry(read=read, written=written, required_arguments=required, arguments=tuple(found))
    for key, each in found.items():
        default = "" if key in required else str(each.value)
        yield (
            f"{name}.{key}",
            Entry(_types(each.annotation), key in required, default, read, written, wire=wires.get(key, "")),
        )


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
