"""Changes for callers from one generated package to another.

griffe finds some breaking changes of a function's parameters: their order, their kind, and required ones.
"""

from collections.abc import Iterator
from pathlib import Path

import griffe

from tools.compare.changes import Change
from tools.compare.interface import CALL, Entry, read


def python_changes(old: Path, new: Path) -> list[Change]:
    """Compare the packages in two folders."""
    before, after = read(old), read(new)
    was, now = before.entries, after.entries
    changes = [
        Change(True, "removed", name, group=was[name].group)
        for name in was.keys() - now.keys()
        if not _within(name, was, now)
    ]
    for name in now.keys() - was.keys():
        if not _within(name, now, was):
            owner = was.get(_owner(name))
            needed = now[name].required and owner is not None and owner.written
            detail = f"{now[name]}{', required' if needed else ''}"
            changes.append(Change(needed, "added", name, detail, now[name].group))
    wires = {(_owner(name), entry.wire) for name, entry in now.items()}
    for name in was.keys() & now.keys():
        changes += _compared(name, was[name], now[name])
        if was[name].wire not in {"", now[name].wire} and (_owner(name), was[name].wire) in wires:
            detail = f"the value of `{now[name].wire}`, was that of `{was[name].wire}`"
            changes.append(Change(True, "changed", name, detail))
    return sorted([*changes, *_moved(before.module, after.module)])


def _compared(name: str, was: Entry, now: Entry) -> Iterator[Change]:
    if was.group != now.group:
        yield Change(True, "changed", name, f"in {now.group}, was in {was.group}")
    if was.types != now.types:
        breaks = bool(was.read and now.types - was.types) or bool(was.written and was.types - now.types)
        yield Change(breaks, "changed", name, f"{now}, was {was}")
    if now.required and not was.required and "(" not in name:  # griffe reports it for parameters
        yield Change(was.written, "changed", name, "required, was optional")
    if was.default != now.default and not (was.required or now.required):
        yield Change(was.written, "changed", name, f"default {now.default}, was {was.default}")
    before = [key for key in was.required_arguments if key in now.arguments]
    after = [key for key in now.arguments if key in was.required_arguments]
    if before != after:
        detail = f"order of the arguments: {', '.join(after)}, was {', '.join(before)}"
        yield Change(was.written, "changed", name, detail)


def _moved(before: griffe.Module, after: griffe.Module) -> Iterator[Change]:
    for breakage in griffe.find_breaking_changes(before, after):
        is_call = isinstance(breakage.obj, griffe.Function) and breakage.obj.name == CALL
        if not is_call or breakage.kind is griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT:
            continue  # `_compared` reports defaults, with their values
        old, new = breakage.old_value, breakage.new_value
        if isinstance(old, griffe.Parameter) and isinstance(new, griffe.Parameter):
            operation = breakage.obj.module.name
            yield Change(True, "changed", f"{operation}({old.name}=)", breakage.kind.value)


def _owner(name: str) -> str:
    return name.partition("(" if "(" in name else ".")[0]


def _within(name: str, here: dict[str, Entry], there: dict[str, Entry]) -> bool:
    """Return whether it was added or removed together with its operation or model."""
    owner = _owner(name)
    return owner != name and owner in here and owner not in there
