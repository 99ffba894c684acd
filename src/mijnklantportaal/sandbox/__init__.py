"""A local stand-in for the MijnKlantportaal API, with invented customers.

    from mijnklantportaal import MijnKlantportaal
    from mijnklantportaal.sandbox import Sandbox

    with Sandbox(customers=40) as sandbox:
        portal = MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url)

Its responses, rate limit and quirks are those recorded from Laravel, on which the API is evidently built, and
it can simulate failures: see `Sandbox` and `mijnklantportaal.sandbox.faults`. It needs an extra: `pip install
"mijnklantportaal[sandbox]"`.
"""

from mijnklantportaal._extras import require

require("sandbox", "faker")

from mijnklantportaal.sandbox import faults  # noqa: E402
from mijnklantportaal.sandbox.customers import CustomerRow  # noqa: E402
from mijnklantportaal.sandbox.faults import Fault, ReceivedRequest, by_page  # noqa: E402
from mijnklantportaal.sandbox.sandbox import Sandbox  # noqa: E402
from mijnklantportaal.sandbox.state import Options  # noqa: E402
from mijnklantportaal.sandbox.store import Change  # noqa: E402

__all__ = ["Change", "CustomerRow", "Fault", "Options", "ReceivedRequest", "Sandbox", "by_page", "faults"]
