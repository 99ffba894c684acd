"""From an operationId to the generated module, without importing the others."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def generated_module(operation_id: str) -> ModuleType:
    """Imports the generated module of an operation.

    Raises:
        LookupError: The generator could not generate this operation.
    """
    name = _names().get(_letters(operation_id))
    if name is None:
        raise LookupError(f"the generated client has no operation {operation_id}")
    return importlib.import_module(name)


@cache
def _names() -> dict[str, str]:
    api = importlib.import_module("mijnklantportaal_api.api")
    return {
        _letters(name): f"{api.__name__}.{tag}.{name}"
        for folder in api.__path__
        for _, tag, _ in pkgutil.iter_modules([folder])
        for _, name, _ in pkgutil.iter_modules([f"{folder}/{tag}"])
    }


def _letters(name: str) -> str:
    """What the name of a module keeps of an operationId: the generator changes case and punctuation."""
    return re.sub(r"[\W_]", "", name).lower()
