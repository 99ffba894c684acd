"""A schedule of rows that are deleted and added while a client lists them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rows of a list deleted and then added, all at one moment.

    Give either `request` or `second`. A change by `second` takes effect with the first request at or after
    that moment.
    """

    remove: int = 0
    """How many rows to delete, at most."""
    add: int = 0
    """How many rows to add."""
    request: int | None = None
    """Just before this request is handled; a `ReceivedRequest.number`."""
    second: float | None = None
    """Seconds after the first request, by the sandbox's clock."""
    at: int | None = None
    """Where in the list rows are deleted and added. By default, deleted rows are drawn with `seed`, and the
    order of the list decides where new ones go."""

    of: str = "customers"
    """The name of the list; see `Sandbox`."""

    def __post_init__(self) -> None:
        if (self.request is None) == (self.second is None):
            raise ValueError("a change needs either request or second")
        if self.remove < 0 or self.add < 0 or (self.at or 0) < 0:
            raise ValueError("a change's remove, add and at must not be negative")

    def is_due(self, request: int, second: float) -> bool:
        """Tell whether the change happens before this request, at this second."""
        return request >= self.request if self.request is not None else second >= (self.second or 0)
