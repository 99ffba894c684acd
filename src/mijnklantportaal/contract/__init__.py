"""Checks whether responses conform to the OpenAPI document that this client was generated from.

    mijnklantportaal check        # checks everything that can be read from your portal

    from mijnklantportaal.contract import check_body, check_response

    assert check_body(json.loads(recorded)) == []     # a recorded response

A *breach* makes the client fail, or return something that its types do not allow; *drift* does not. Findings
contain types and paths, but no values. Needs the extra: `pip install "mijnklantportaal[contract]"`.
"""

from mijnklantportaal._extras import require

require("contract", "jsonschema", "rfc3339_validator")

from .behaviour import Behaviour, check_behaviour  # noqa: E402
from .check import check_body, check_response  # noqa: E402
from .findings import Accepted, Finding, read_accepted  # noqa: E402
from .live import check_portal  # noqa: E402
from .plan import Plan  # noqa: E402
from .report import Report, Row, render  # noqa: E402
from .shape import read_baseline, write_baseline  # noqa: E402

__all__ = [
    "Accepted",
    "Behaviour",
    "Finding",
    "Plan",
    "Report",
    "Row",
    "check_behaviour",
    "check_body",
    "check_portal",
    "check_response",
    "read_accepted",
    "read_baseline",
    "render",
    "write_baseline",
]
