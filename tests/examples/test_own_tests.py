"""examples/own_tests: its tests pass, and fail if the program is broken."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mijnklantportaal.sandbox import faults
from tests.processes import OTHERS_OFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from mijnklantportaal.sandbox import Sandbox

OWN_TESTS = Path(__file__).parents[2] / "examples" / "own_tests"


@pytest.fixture
def own_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, and an environment without a portal."""
    for name in ("MIJNKLANTPORTAAL_API_KEY", "MIJNKLANTPORTAAL_BASE_URL", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    for file in OWN_TESTS.glob("*.py"):
        shutil.copy(file, pytester.path)
    return pytester.path


@pytest.mark.usefixtures("own_tests")
def test_they_pass(pytester: pytest.Pytester) -> None:
    pytester.runpytest_subprocess(*OTHERS_OFF, "--strict-markers", "-W", "error").assert_outcomes(passed=6)


@pytest.mark.parametrize(
    ("line", "broken", "failing"),
    [
        ("portal.list_customers()", "portal.list_customers(max_items=15)", "test_addresses_of_all_pages"),
        (" and customer.primary_email", "", "test_customers_without_an_address_are_left_out"),
        ("case AuthenticationError() | ", "case ", "test_a_wrong_key"),
        ("case RateLimitError():", "case TypeError():", "test_the_rate_limit"),
    ],
)
def test_a_broken_program_makes_them_fail(
    own_tests: Path, pytester: pytest.Pytester, line: str, broken: str, failing: str
) -> None:
    program = own_tests / "my_app.py"
    text = program.read_text(encoding="utf-8")
    assert text.count(line) == 1
    program.write_text(text.replace(line, broken), encoding="utf-8")
    result = pytester.runpytest_inprocess(*OTHERS_OFF, "-k", failing)
    assert (result.ret, result.parseoutcomes()["failed"]) == (1, 1)


def test_the_program_itself(sandbox: Sandbox, run: Callable[..., Any]) -> None:
    done = run("own_tests/my_app.py", "NL")
    assert (done.status, done.err) == (0, "")
    customers = map(sandbox.customer, range(40))
    dutch = [customer["primaryEmail"] for customer in customers if customer["countryCode"] == "NL"]
    assert done.out.split() == sorted(dutch)
    sandbox.reset(faults={1: faults.Status(403)})
    assert run("own_tests/my_app.py", "NL").status == 1
