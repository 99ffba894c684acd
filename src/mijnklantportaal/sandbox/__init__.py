"""A local stand-in for the MijnKlantportaal API, with invented customers.

    from mijnklantportaal import MijnKlantportaal
    from mijnklantportaal.sandbox import Sandbox

    with Sandbox(customers=40) as sandbox:
        portal = MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url)

Its responses, rate limit and quirks are those recorded from Laravel, on which the API is evidently built, and
it can simulate failures: see `Sandbox` and `mijnklantportaal.sandbox.faults`. It needs an extra: `pip install
"mijnklantportaal[sandbox]"`.
"""

import sys
from importlib.util import find_spec

if find_spec("faker") is None:  # checked here, because the sandbox shares no code with the client
    _message = 'the extra sandbox is not installed (missing: faker): pip install "mijnklantportaal[sandbox]"'
    if sys.argv[:1] == ["-m"]:  # Python looks for the module to run, and would print a traceback
        sys.stderr.write(f"Error: {_message}\n")
        sys.exit(2)
    raise ModuleNotFoundError(_message, name="faker")

from mijnklantportaal.sandbox import faults
from mijnklantportaal.sandbox.customers import CustomerRow
from mijnklantportaal.sandbox.faults import Fault, ReceivedRequest, by_page
from mijnklantportaal.sandbox.sandbox import Sandbox
from mijnklantportaal.sandbox.state import Options
from mijnklantportaal.sandbox.store import Change

__all__ = ["Change", "CustomerRow", "Fault", "Options", "ReceivedRequest", "Sandbox", "by_page", "faults"]
