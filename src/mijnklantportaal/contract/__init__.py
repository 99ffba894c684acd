"""Does an answer keep to the document that this client was generated from?

    python -m mijnklantportaal.contract           # a few pages of your own portal; --help says more

    from mijnklantportaal.contract import check_body, check_response

    assert check_body(json.loads(recorded)) == []     # an answer that you have recorded

A *breach* is what the document rules out, and what code that relies on it can fail on; *drift* is what it
does not mention. Findings hold types and paths, never values. Needs the extra: `pip install
"mijnklantportaal[contract]"`.
"""

import sys
from importlib.util import find_spec

_missing = [name for name in ("jsonschema", "referencing", "rfc3339_validator") if find_spec(name) is None]
if _missing:
    _message = (
        "mijnklantportaal.contract needs jsonschema, referencing and rfc3339-validator: "
        'pip install "mijnklantportaal[contract]"'
    )
    if sys.argv[:1] == [
        "-m"
    ]:  # while Python looks for the module to run: python -m mijnklantportaal.contract
        print(_message, file=sys.stderr)
        sys.exit(2)  # cannot check
    raise ModuleNotFoundError(_message, name=_missing[0])

from mijnklantportaal.contract.check import CannotCheckError, Check, check_body, check_response  # noqa: E402
from mijnklantportaal.contract.findings import Finding, Severity  # noqa: E402
from mijnklantportaal.contract.live import check_portal  # noqa: E402
from mijnklantportaal.contract.report import FORMATS, Report, render  # noqa: E402

__all__ = [
    "FORMATS",
    "CannotCheckError",
    "Check",
    "Finding",
    "Report",
    "Severity",
    "check_body",
    "check_portal",
    "check_response",
    "render",
]
