"""The Python client for the MijnKlantportaal API.

Start with `MijnKlantportaal` (or `AsyncMijnKlantportaal`) and its `list_customers()`; `paginate` and
`apaginate` list any other operation that the generated package `mijnklantportaal_api` has.
"""

from mijnklantportaal_api.models import Customer

from ._version import __version__
from .errors import (
    AuthenticationError,
    ClosedError,
    ConfigurationError,
    ContractError,
    MijnKlantportaalError,
    NoConnectionError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    RequestError,
    RequestTimeoutError,
    ServerError,
    StatusError,
)
from .pagination import AsyncListing, Envelope, Listing, apaginate, paginate
from .portal import AsyncMijnKlantportaal, MijnKlantportaal
from .transport import Wait

__all__ = [
    "AsyncListing",
    "AsyncMijnKlantportaal",
    "AuthenticationError",
    "ClosedError",
    "ConfigurationError",
    "ContractError",
    "Customer",
    "Envelope",
    "Listing",
    "MijnKlantportaal",
    "MijnKlantportaalError",
    "NoConnectionError",
    "NotFoundError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestError",
    "RequestTimeoutError",
    "ServerError",
    "StatusError",
    "Wait",
    "__version__",
    "apaginate",
    "paginate",
]
