"""Do responses conform to the OpenAPI document that this client was generated from?

    mijnklantportaal check        # checks everything that can be read from your portal

    from mijnklantportaal.contract import check_body, check_response

    assert check_body(json.loads(recorded)) == []     # a recorded response

After a *breach* the client fails, or returns something it does not declare; with *drift* it still returns
what it declares. Findings have types and paths, never values. Needs the extra: `pip install
"mijnklantportaal[contract]"`.
"""

import sys
from importlib.util import find_spec

_missing = [name for name in ("jsonschema", "rfc3339_validator") if find_spec(name) is None]
if _missing:
    _message = (
        "mijnklantportaal.contract needs jsonschema and rfc3339-validator: "
        'pip install "mijnklantportaal[contract]"'
    )
    if sys.argv[:1] == ["-m"]:  # python -m mijnklantportaal.contract
        print(_message, file=sys.stderr)
        sys.exit(2)
    raise ModuleNotFoundError(_message, name=_missing[0])

from .behaviour import Behaviour, check_behaviour  # noqa: E402
from .check import CannotCheckError, Check, check_body, check_response  # noqa: E402
from .findings import Accepted, Finding, Severity, read_accepted  # noqa: E402
from .live import check_portal  # noqa: E402
from .plan import Plan, planned  # noqa: E402
from .report import FORMATS, Report, Row, render  # noqa: E402
from .shape import read_baseline, write_baseline  # noqa: E402

__all__ = [
    "FORMATS",
    "Accepted",
    "Behaviour",
    "CannotCheckError",
    "Check",
    "Finding",
    "Plan",
    "Report",
    "Row",
    "Severity",
    "check_behaviour",
    "check_body",
    "check_portal",
    "check_response",
    "planned",
    "read_accepted",
    "read_baseline",
    "render",
    "write_baseline",
]
