"""A pytest fixture that serves a portal with invented data to the code under test.

    def test_all_customers_are_synced(mijnklantportaal_sandbox):
        sync()                                    # uses MijnKlantportaal(), which finds the sandbox by itself
        assert stored_ids() == mijnklantportaal_sandbox.ids()

    @pytest.mark.mijnklantportaal_sandbox(customers=0)
    def test_an_empty_portal(mijnklantportaal_sandbox): ...

Loaded by pytest itself. Nothing of the sandbox is imported before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mijnklantportaal.sandbox import Sandbox

_MARKER = "mijnklantportaal_sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(**options): options of the mijnklantportaal_sandbox fixture: customers, limit, …",
    )


@pytest.fixture
def mijnklantportaal_sandbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """Runs a sandbox of 40 customers (three pages) without a rate limit, which `MijnKlantportaal()` finds.

    Set options with `@pytest.mark.mijnklantportaal_sandbox(customers=…, limit=…, faults=…)` on a test, class
    or module; for each option, the closest marker wins. Portals do not wait: their clock and the sandbox's
    are advanced instead, unless you set `waits=True`.
    """
    from mijnklantportaal.testing import no_waits  # noqa: PLC0415 - or every pytest would load it

    try:
        from mijnklantportaal.sandbox import Sandbox  # noqa: PLC0415 - an extra, and slow
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)
    options: dict[str, Any] = {"customers": 40, "limit": None, "waits": False}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        if marker.args:
            pytest.fail(f"the marker {_MARKER} takes only keywords, such as customers=40", pytrace=False)
        options.update(marker.kwargs)
    with ExitStack() as stack:
        if not options.pop("waits"):
            options.setdefault("clock", stack.enter_context(no_waits()))
        sandbox = stack.enter_context(Sandbox(**options))
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.api_key)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
        yield sandbox
