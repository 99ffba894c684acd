"""Do responses keep to the document that this client was generated from?

    mijnklantportaal check        # all that can be read of your own portal; --help says more

    from mijnklantportaal.contract import check_body, check_response

    assert check_body(json.loads(recorded)) == []     # an answer that you have recorded

A *breach* is what the client fails on, or returns as something other than it declares; *drift* is what it
reads as declared. Findings hold types and paths, never values. Needs the extra: `pip install
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
    if sys.argv[:1] == [
        "-m"
    ]:  # while Python looks for the module to run: python -m mijnklantportaal.contract
        print(_message, file=sys.stderr)
        sys.exit(2)  # cannot check
    raise ModuleNotFoundError(_message, name=_missing[0])

from mijnklantportaal.contract.accepted import Accepted, read_accepted  # noqa: E402
from mijnklantportaal.contract.behaviour import Behaviour, check_behaviour  # noqa: E402
from mijnklantportaal.contract.check import CannotCheckError, Check, check_body, check_response  # noqa: E402
from mijnklantportaal.contract.findings import Finding, Severity  # noqa: E402
from mijnklantportaal.contract.live import check_portal  # noqa: E402
from mijnklantportaal.contract.plan import Plan, planned  # noqa: E402
from mijnklantportaal.contract.report import FORMATS, Report, Row, render  # noqa: E402
from mijnklantportaal.contract.shape import read_baseline, write_baseline  # noqa: E402

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
