"""The benchmarks' own code: nothing is measured here."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import environments, plots, report
from benchmarks.roster import ROSTER
from benchmarks.scenarios.faults import PAGES, SCHEDULES, STALL, draw, verdict
from mijnklantportaal.sandbox import Sandbox
from tests import processes

PEER = Path("benchmarks", "peer.py").absolute()
IDS = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((report.RESULTS / "results.json").read_text(encoding="utf-8"))
    return loaded


def listed(script: Path, base_url: str = "", api_key: str = "", speed: str = "1") -> dict[str, Any]:
    """Return the response of a peer's process."""
    command = json.dumps({"base_url": base_url, "api_key": api_key, "ids": True})
    done = processes.run(
        [sys.executable, "-P", PEER, script, speed],
        input=command + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_readme_has_the_tables_that_the_results_give(results: dict[str, Any]) -> None:
    readme = report.README.read_text(encoding="utf-8")
    assert report.with_tables(readme, results) == readme


def test_the_plots_are_those_that_the_results_give(results: dict[str, Any]) -> None:
    drawn = {f"{name}.svg": chart.svg() for name, chart in plots.every(results).items()}
    assert {path.name: path.read_text(encoding="utf-8") for path in report.RESULTS.glob("*.svg")} == drawn
    for svg in drawn.values():
        ElementTree.fromstring(svg)


def test_the_readmes_count_the_others() -> None:
    others = [peer for peer in ROSTER if peer.kind == "client"]
    assert len(others) == 9
    for readme in (report.README, report.README.parent.parent / "README.md"):
        assert "nine other ways" in readme.read_text(encoding="utf-8")


def test_results_of_some_scenarios_are_merged(results: dict[str, Any]) -> None:
    later = {**results, "date": "2099-01-01", "scenarios": {"cpu": {"pages": 1}}}
    del later["growth"]
    merged = report.merged(results, later)
    assert merged["date"].endswith(" to 2099-01-01")
    assert merged["scenarios"] == results["scenarios"] | {"cpu": {"pages": 1}}
    assert merged["growth"] == results["growth"]
    assert report.merged(results, results) == results


@pytest.mark.parametrize("key", ["machine", "peers"])
def test_results_of_different_machines_or_versions_are_not_merged(key: str, results: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="run all scenarios"):
        report.merged(results, {**results, key: {}})


def test_nobody_is_left_out(results: dict[str, Any]) -> None:
    assert list(results["peers"]) == [peer.name for peer in ROSTER]
    for scenario in results["scenarios"].values():
        kinds = {results["peers"][name]["kind"] for name in scenario["peers"]}
        for name, peer in results["peers"].items():
            assert name in scenario["peers"] or "missing" in peer or peer["kind"] not in kinds


def test_who_is_not_installed_is_listed_as_such(results: dict[str, Any]) -> None:
    without: dict[str, Any] = json.loads(json.dumps(results))
    without["peers"]["requests"] = {"kind": "client", "missing": "needs Java"}
    for scenario in without["scenarios"].values():
        scenario["peers"].pop("requests", None)
    rows = re.findall(r"^\| requests \| ([^|]*) \|", report.tables(without), re.MULTILINE)
    assert rows == ["not installed: needs Java"] * (1 + len(without["scenarios"]))


def test_openapi_generator_needs_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "BENCH", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    (peer,) = (peer for peer in ROSTER if peer.name == "OpenAPI Generator, urllib3")
    with pytest.raises(environments.NotInstalledError, match="needs Java"):
        environments.make(peer.environment)


def test_the_results_do_not_tell_whose_machine_it_was() -> None:
    text = (report.RESULTS / "results.json").read_text(encoding="utf-8")
    assert not re.search(r"/(root|home|tmp|work|Users|opt)\b|https?://", text)
    assert f'"{socket.gethostname()}"' not in text


@pytest.mark.parametrize(
    ("ids", "error", "typed", "expected"),
    [
        (IDS, None, False, "complete"),
        (IDS[:2], None, False, "silent loss"),
        (["a", "a", "b", "c"], None, False, "silent loss"),
        (["a", "c"], "Typed", True, "silent loss"),
        ([*IDS, "d"], None, False, "silent loss"),
        (IDS[:2], "Typed", True, "typed error"),
        ([], "KeyError", False, "other exception"),
    ],
)
def test_verdict(ids: list[str], error: str | None, typed: bool, expected: str) -> None:
    assert verdict({"ids": ids, "error": error, "typed": typed}, IDS) == expected


def test_no_answer_is_a_hang() -> None:
    assert verdict(None, IDS) == "hang"


def test_every_schedule_has_a_fault_and_is_the_same_for_all() -> None:
    schedules = [draw(seed, [{}, {}]) for seed in range(SCHEDULES)]
    assert all(schedules)
    assert all(set(schedule) <= set(range(1, PAGES + 1)) for schedule in schedules)
    stalls = [seed for seed, schedule in enumerate(schedules) if [STALL] in schedule.values()]
    assert stalls == list(range(0, SCHEDULES, 25))
    assert [list(schedule) for schedule in schedules] == [
        list(draw(seed, [{}, {}])) for seed in range(SCHEDULES)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("script", ["ours.py", "ours_async.py", "ours_one_at_a_time.py", "httpx.py"])
def test_a_peer_answers_with_what_it_listed(script: str) -> None:
    with Sandbox(customers=40) as sandbox:
        answer = listed(PEER.parent / "peers" / script, sandbox.base_url, sandbox.api_key)
        assert (answer["ids"], answer["error"]) == (sandbox.ids(), None)
        answer = listed(PEER.parent / "peers" / script, sandbox.base_url, "another key")
    assert answer["ids"] == []
    assert answer["typed"]


def test_an_exception_that_is_not_documented_is_not_typed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("ERRORS = (OSError,)\ndef customers(*_):\n    yield 'a'\n    raise KeyError('data')\n")
    answer = listed(script)
    assert (answer["ids"], answer["error"], answer["typed"]) == (["a"], "builtins.KeyError", False)


def test_waits_are_shorter_when_time_runs_faster(tmp_path: Path) -> None:
    """Each of these would otherwise take an hour, and the test would time out."""
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio, queue, socket, threading, time\n"
        "ERRORS = ()\n"
        "def customers(*_):\n"
        "    began = time.monotonic()\n"
        "    time.sleep(3600)\n"
        "    threading.Event().wait(3600)\n"
        "    asyncio.run(asyncio.sleep(3600))\n"
        "    try:\n"
        "        queue.SimpleQueue().get(timeout=3600)\n"
        "    except queue.Empty:\n"
        "        pass\n"
        "    with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "        server.settimeout(3600)\n"
        "        try:\n"
        "            server.accept()\n"
        "        except TimeoutError:\n"
        "            yield str(time.monotonic() - began >= 5 * 3590)\n"
    )
    assert listed(script, speed="36000")["ids"] == ["True"]


def test_peers_get_no_environment_of_ours() -> None:
    from benchmarks.workers import variables

    assert "PYTHONPATH" not in variables()
    assert not {name for name in variables() if name.lower().endswith("_proxy")}
    assert set(variables()) <= set(os.environ)
