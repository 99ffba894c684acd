"""Contains all the data models used in inputs/outputs; each is imported when it is first asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .customer import Customer
    from .customer_page import CustomerPage

__all__ = (
    "Customer",
    "CustomerPage",
)

_MODULES = {
    "Customer": "customer",
    "CustomerPage": "customer_page",
}

if not TYPE_CHECKING:

    def __getattr__(name):
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        globals()[name] = found = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        return found

    def __dir__():
        return sorted({*globals(), *__all__})
