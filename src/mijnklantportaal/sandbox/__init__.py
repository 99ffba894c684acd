"""A local stand-in for the MijnKlantportaal API, with invented customers.

    from mijnklantportaal import MijnKlantportaal
    from mijnklantportaal.sandbox import Sandbox

    with Sandbox(customers=40) as sandbox:
        portal = MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url)

Its responses are those recorded from the framework behind the API, rate limit and quirks included, and it
fails on request: see `Sandbox` and `mijnklantportaal.sandbox.faults`. Needs an extra: `pip install
"mijnklantportaal[sandbox]"`.
"""

import sys
from importlib.util import find_spec

_missing = [name for name in ("h11", "faker") if find_spec(name) is None]
if _missing:
    _message = 'mijnklantportaal.sandbox needs Faker and h11: pip install "mijnklantportaal[sandbox]"'
    if sys.argv[:1] == ["-m"]:  # while Python looks for the module to run: python -m mijnklantportaal.sandbox
        print(_message, file=sys.stderr)
        sys.exit(2)
    raise ModuleNotFoundError(_message, name=_missing[0])

from mijnklantportaal.sandbox import faults  # noqa: E402
from mijnklantportaal.sandbox.changes import Change  # noqa: E402
from mijnklantportaal.sandbox.customers import CustomerRow  # noqa: E402
from mijnklantportaal.sandbox.faults import Fault, ReceivedRequest, by_page  # noqa: E402
from mijnklantportaal.sandbox.sandbox import Sandbox  # noqa: E402
from mijnklantportaal.sandbox.state import Options  # noqa: E402

__all__ = ["Change", "CustomerRow", "Fault", "Options", "ReceivedRequest", "Sandbox", "by_page", "faults"]
