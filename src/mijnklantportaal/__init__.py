"""The Python client for the MijnKlantportaal API.

Start with `MijnKlantportaal` (or `AsyncMijnKlantportaal`) and its `list_customers()`. `paginate` and
`apaginate` list any other list operation of the generated package `mijnklantportaal_api`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from mijnklantportaal_api.models import Customer
    from mijnklantportaal_api.types import UNSET, Unset

    from .errors import (
        AuthenticationError,
        ClosedError,
        ConfigurationError,
        ConflictError,
        ConnectionFailedError,
        ContractError,
        MijnKlantportaalError,
        NotFoundError,
        PaginationError,
        PermissionDeniedError,
        RateLimitError,
        RequestError,
        RequestTimeoutError,
        ServerError,
        StatusError,
        UpgradeRequiredError,
        ValidationError,
    )
    from .pagination import AsyncListing, Envelope, Listing, apaginate, paginate
    from .portal import AsyncMijnKlantportaal, MijnKlantportaal
    from .transport import Wait

__all__ = [
    "UNSET",
    "AsyncListing",
    "AsyncMijnKlantportaal",
    "AuthenticationError",
    "ClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "ContractError",
    "Customer",
    "Envelope",
    "Listing",
    "MijnKlantportaal",
    "MijnKlantportaalError",
    "NotFoundError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestError",
    "RequestTimeoutError",
    "ServerError",
    "StatusError",
    "Unset",
    "UpgradeRequiredError",
    "ValidationError",
    "Wait",
    "__version__",
    "apaginate",
    "paginate",
]

_ELSEWHERE = {
    "UNSET": "mijnklantportaal_api.types",
    "AsyncListing": ".pagination",
    "AsyncMijnKlantportaal": ".portal",
    "Customer": "mijnklantportaal_api.models",
    "Envelope": ".pagination",
    "Listing": ".pagination",
    "MijnKlantportaal": ".portal",
    "Unset": "mijnklantportaal_api.types",
    "Wait": ".transport",
    "apaginate": ".pagination",
    "paginate": ".pagination",
}


if not TYPE_CHECKING:  # otherwise, a type checker would accept any name

    def __getattr__(name: str) -> object:
        """Loads a public name when it is first used: httpx and the generated code are slow to import."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(_ELSEWHERE.get(name, ".errors"), __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
