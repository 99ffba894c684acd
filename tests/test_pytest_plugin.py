"""The pytest plugin, in a pytest within this one or in a separate process."""

import pytest

from tests.processes import OTHERS_OFF

ASK = """
    import json, os, urllib.error, urllib.request
    import pytest

    def listed(page=1):
        request = urllib.request.Request(
            f"{os.environ['MIJNKLANTPORTAAL_BASE_URL']}/customers?page={page}",
            headers={"Authorization": f"Bearer {os.environ['MIJNKLANTPORTAAL_API_KEY']}"},
        )
        with urllib.request.urlopen(request) as response:
            return [customer["id"] for customer in json.load(response)["data"]]
"""


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MIJNKLANTPORTAAL_API_KEY", "MIJNKLANTPORTAAL_BASE_URL", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def run(pytester: pytest.Pytester, tests: str) -> pytest.RunResult:
    pytester.makepyfile(test_it=ASK + tests)
    return pytester.runpytest(*OTHERS_OFF, "--strict-markers", "-W", "error", "test_it.py")


def test_the_fixture_serves_three_pages_without_limit(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
    def test_it(mijnklantportaal_sandbox):
        ids = mijnklantportaal_sandbox.ids()
        assert len(ids) == 40
        assert listed(1) + listed(2) + listed(3) == ids
        for _ in range(70):
            listed()

    def test_gone():
        assert "MIJNKLANTPORTAAL_BASE_URL" not in os.environ
        assert "MIJNKLANTPORTAAL_API_KEY" not in os.environ
    """,
    )
    result.assert_outcomes(passed=2)


def test_the_marker_sets_options_the_closest_first(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
    @pytest.mark.mijnklantportaal_sandbox(customers=3, limit=1)
    class TestIt:
        @pytest.mark.mijnklantportaal_sandbox(customers=5)
        def test_it(self, mijnklantportaal_sandbox):
            assert listed() == mijnklantportaal_sandbox.ids()
            assert len(mijnklantportaal_sandbox.ids()) == 5
            with pytest.raises(urllib.error.HTTPError) as caught:
                listed()
            with caught.value as error:
                assert error.code == 429
    """,
    )
    result.assert_outcomes(passed=1)


def test_the_marker_takes_no_positional_arguments(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
    @pytest.mark.mijnklantportaal_sandbox(0)
    def test_it(mijnklantportaal_sandbox): ...
    """,
    )
    result.assert_outcomes(errors=1)
    assert "the marker mijnklantportaal_sandbox takes only keywords, such as customers=40" in result.outlines


def test_an_exception_of_a_function_fails_the_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
    @pytest.mark.mijnklantportaal_sandbox(faults=lambda request: 1 / 0)
    def test_it(mijnklantportaal_sandbox):
        with pytest.raises(OSError):
            listed()
    """,
    )
    result.assert_outcomes(passed=1, errors=1)


def test_portals_do_not_wait_unless_the_marker_says_so(pytester: pytest.Pytester) -> None:
    """Windows of an hour take no time; with waits, a rejected request costs a second of real time."""
    pytester.makepyfile(
        test_it=ASK
        + """
    import time
    from mijnklantportaal import MijnKlantportaal
    from mijnklantportaal.sandbox.faults import Status

    def times_waited():
        began, waits = time.monotonic(), []
        with MijnKlantportaal(on_wait=waits.append, max_wait=7200) as portal:
            assert len(list(portal.list_customers())) == 40
        return len(waits), time.monotonic() - began

    @pytest.mark.mijnklantportaal_sandbox(limit=1, window=3600)
    def test_without_waits(mijnklantportaal_sandbox):
        waits, seconds = times_waited()
        assert waits >= 2 and seconds < 3600

    @pytest.mark.mijnklantportaal_sandbox(faults={2: Status(429, headers={"Retry-After": "0"})}, waits=True)
    def test_with_waits(mijnklantportaal_sandbox):
        waits, seconds = times_waited()
        assert waits == 1 and seconds >= 1
    """
    )
    result = pytester.runpytest_subprocess(*OTHERS_OFF, "--strict-markers", "-W", "error", "test_it.py")
    result.assert_outcomes(passed=2)


def test_the_marker_and_the_fixture_are_listed(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*OTHERS_OFF, "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.mijnklantportaal_sandbox(*): options of *"])
    result = pytester.runpytest(*OTHERS_OFF, "--fixtures")
    result.stdout.fnmatch_lines(["mijnklantportaal_sandbox *", "*Runs a sandbox of 40 customers*"])


def test_the_plugin_imports_nothing_of_the_sandbox(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_it="""
        import sys
        def test_it():
            assert "mijnklantportaal.pytest_plugin" in sys.modules
            assert not {"mijnklantportaal.sandbox", "faker"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess(*OTHERS_OFF).assert_outcomes(passed=1)


def test_a_missing_extra_is_one_line(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.mkdir("bare").joinpath("sitecustomize.py").write_text(
        "import sys\nsys.modules['faker'] = None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(pytester.path / "bare"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # Faker has a plugin
    pytester.makepyfile(test_it="def test_it(mijnklantportaal_sandbox): ...")
    result = pytester.runpytest_subprocess("-p", "mijnklantportaal.pytest_plugin", "test_it.py")
    result.assert_outcomes(errors=1)
    needs = 'the extra sandbox is not installed (missing: faker): pip install "mijnklantportaal[sandbox]"'
    assert needs in result.stdout.lines
    assert "Traceback" not in str(result.stdout)
