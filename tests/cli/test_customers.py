"""`mijnklantportaal customers`, against the sandbox."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from mijnklantportaal.sandbox import Fault, ReceivedRequest, Sandbox, by_page, faults
from tests.cli.helpers import Ran, run
from tests.support import KEY, answer, page, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Invoke = Callable[..., Ran]


def ids(lines: str) -> list[str]:
    return [json.loads(line)["id"] for line in lines.splitlines()]


def test_a_pipe_gets_each_customer_as_one_line_exactly_as_sent(sandbox: Sandbox, invoke: Invoke) -> None:
    done = invoke("customers")
    assert (done.status, done.err) == (0, "")
    assert [json.loads(line) for line in done.out.splitlines()] == [sandbox.customer(n) for n in range(40)]


def test_unknown_fields_and_nulls_are_kept(monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    customer = {"id": "cst_1", "companyName": None, "loyalty": {"points": 3}}
    with serving(page(1, [], more=False, data=[customer])) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        assert json.loads(invoke("customers").out) == customer


def test_a_limit_fetches_no_more_pages_than_needed(sandbox: Sandbox, invoke: Invoke) -> None:
    assert ids(invoke("customers", "--limit", "15").out) == sandbox.ids()[:15]
    assert len(sandbox.requests) == 1
    assert invoke("customers", "--limit", "0").out == ""
    assert invoke("customers", "--limit", "0", "--integration", "exact").out == ""
    assert len(sandbox.requests) == 1


def test_start_page(sandbox: Sandbox, invoke: Invoke) -> None:
    assert ids(invoke("customers", "--start-page", "3").out) == sandbox.ids()[30:]
    assert invoke("customers", "--start-page", "9").out == ""


def test_the_limit_counts_customers_that_match_the_filters(sandbox: Sandbox, invoke: Invoke) -> None:
    exact = [sandbox.customer(n)["id"] for n in range(40) if sandbox.customer(n)["integration"] == "exact"]
    assert ids(invoke("customers", "--integration", "exact").out) == exact
    sandbox.reset()
    assert ids(invoke("customers", "--integration", "exact", "--limit", "3").out) == exact[:3]
    assert len(sandbox.requests) == sandbox.ids().index(exact[2]) // 15 + 1 < 3
    one, other = {group for n in range(10) for group in sandbox.customer(n)["customerGroups"]}.pop(), "cug_x"
    grouped = [each["id"] for n in range(40) if one in (each := sandbox.customer(n))["customerGroups"]]
    assert ids(invoke("customers", "--group", other, "--group", one).out) == grouped


def test_created_between_includes_the_last_day(sandbox: Sandbox, invoke: Invoke) -> None:
    days = sorted(sandbox.customer(n)["createdAt"][:10] for n in range(40))
    done = invoke("customers", "--created-since", days[5], "--created-until", days[10])
    found = sorted(json.loads(line)["createdAt"][:10] for line in done.out.splitlines())
    assert found == [each for each in days if days[5] <= each <= days[10]]
    assert days[10] in found


def test_a_table_ends_with_counts_and_portal(sandbox: Sandbox, invoke: Invoke) -> None:
    lines = invoke("customers", "--format", "table", "--limit", "20").out.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == sandbox.ids()[:20]
    assert lines[-1].startswith("20 customers, 2 pages, ")
    assert lines[-1].endswith(f" - from {sandbox.base_url}")
    quiet = invoke("customers", "--format", "table", "--limit", "20", "--quiet").out.splitlines()
    assert len(quiet) == 21


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.json", b"[\n  {"), ("a.jsonl", b'{"id"'), ("a.NDJSON", b'{"id"'), ("a.csv", b"id,")],
)
def test_the_suffix_of_a_file_decides_the_format(
    name: str, begins: bytes, sandbox: Sandbox, invoke: Invoke, tmp_path: Path
) -> None:
    assert invoke("customers", "--output", str(tmp_path / name)) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_format_and_excel_override_the_suffix(sandbox: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    assert invoke("customers", "-o", str(tmp_path / "a.csv"), "--format", "jsonl") == (0, "", "")
    assert (tmp_path / "a.csv").read_bytes().startswith(b'{"id"')
    assert invoke("customers", "-o", str(tmp_path / "a.txt"), "--excel") == (0, "", "")
    assert (tmp_path / "a.txt").read_bytes().startswith("\ufeffid;".encode())


def test_output_to_a_dash_is_standard_output(sandbox: Sandbox, invoke: Invoke) -> None:
    assert (
        len(invoke("customers", "--output", "-", "--format", "csv", "--columns", "id").out.splitlines()) == 41
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--output", "a.xls"],
            "a.xls has no known suffix (.json, .jsonl, .ndjson",
        ),
        (["--format", "xlsx"], "--format xlsx needs --output"),
        (["--resume"], "--resume needs --output"),
        (["--columns", "id,naam"], "there is no field 'naam'; there are id, "),
        (["--columns", ""], "there is no field ''"),
        (["--excel", "--format", "json"], "--excel is for CSV"),
        (["--excel", "-o", "klanten.xlsx"], "--excel is for CSV, not xlsx; leave it out, or"),
        (["--excel", "-o", "klanten.JSON"], "--excel is for CSV, not json; leave it out, or"),
        (["--created-since", "gisteren"], "'--created-since': 'gisteren': it cannot be read as a date; use"),
        (["--created-until", "12"], "use a form such as 2024-04-01 or '1 apr 2024'"),
        (["--limit", "-1"], "--limit"),
        (["--start-page", "0"], "'--start-page': '0' is neither a page"),
        (["--start-page", "1.x"], "neither a page nor a position"),
        (["--sandbox", "--api-key-file", __file__], "leave out --api-key-file"),
        (["--api-key", "secret"], "No such option"),
    ],
)
def test_an_invalid_option_is_one_line_and_sends_nothing(
    arguments: list[str], words: str, sandbox: Sandbox, invoke: Invoke
) -> None:
    done = invoke("customers", *arguments)
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert done.err.endswith("See: mijnklantportaal customers --help\n")
    assert sandbox.requests == []


def test_a_closed_standard_output(
    sandbox: Sandbox, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    done = invoke("customers")
    assert (done.status, sandbox.requests) == (2, [])
    assert done.err.startswith("Error: standard output is closed; use --output.")
    assert invoke("customers", "-o", str(tmp_path / "a.csv")) == (0, "", "")


def test_an_existing_file_is_refused_before_anything_is_fetched(
    sandbox: Sandbox, invoke: Invoke, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("precious")
    done = invoke("customers", "--output", str(path))
    assert (done.status, path.read_text(), sandbox.requests) == (2, "precious", [])
    assert "--force" in done.err
    assert invoke("customers", "--output", str(path), "--force").status == 0
    assert path.read_text(encoding="utf-8").startswith("id,")


def test_a_failure_says_how_to_resume_after_what_was_written(sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults=by_page({3: faults.WrongPage(7)}))
    done = invoke("customers", "--limit", "35", "--start-page=1")
    assert done.status == 5
    assert ids(done.out) == sandbox.ids()[:30]
    error, hint = done.err.splitlines()
    assert error.startswith("Error: GET /v1/customers (page 3): the API returned page 7.")
    resume = re.fullmatch(r"To resume: mijnklantportaal (customers --start-page 2\.\S+ --limit 5)", hint)
    assert resume
    sandbox.reset()
    assert ids(invoke(*resume[1].split()).out) == sandbox.ids()[30:35]


def test_resuming_a_shifted_list_loses_no_customers(sandbox: Sandbox, invoke: Invoke) -> None:
    throughout = sandbox.ids()[3:]
    sandbox.reset(faults=by_page({2: faults.WrongPage(7)}))
    first = invoke("customers")
    sandbox.reset()
    sandbox.remove_customers(3)  # three of page 2 are on page 1 now
    resume = first.err.splitlines()[1].partition(": mijnklantportaal ")[2]
    listed = [*ids(first.out), *ids(invoke(*resume.split()).out)]
    assert [each for each in listed if each in throughout] == throughout


def test_certain_lists_again(sandbox: Sandbox, invoke: Invoke) -> None:
    assert ids(invoke("customers", "--certain").out) == sandbox.ids()
    assert {request.attempt for request in sandbox.requests} == {1, 2}


@pytest.mark.parametrize("kind", ["json", "table"])
def test_a_failure_says_that_nothing_was_written(kind: str, sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults=by_page({2: faults.WrongPage(7)}))
    done = invoke("customers", "--format", kind)
    assert (done.status, done.out) == (5, "")
    assert done.err.splitlines()[1].startswith(
        "No customers were written. To start again: mijnklantportaal customers --"
    )


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (faults.Status(401), 3, "Check the API key"),
        (faults.Status(403), 3, "customers.read"),
        (faults.Status(404), 5, "404"),
        (faults.Html(), 5, "HTML"),
    ],
)
def test_statuses(fault: Fault, status: int, words: str, sandbox: Sandbox, invoke: Invoke) -> None:
    sandbox.reset(faults=by_page({1: fault}))
    done = invoke("customers")
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert len(done.err.splitlines()) == 1


def test_added_rows_are_reported(sandbox: Sandbox, invoke: Invoke) -> None:
    def insert(request: ReceivedRequest) -> None:
        sandbox.add_customers(1)

    for arguments, said in ([], True), (["--quiet"], False):
        sandbox.reset(customers=20, faults=insert)
        throughout = sandbox.ids()
        done = invoke("customers", *arguments)
        listed = ids(done.out)
        assert (done.status, len(listed)) == (0, len(set(listed)))
        assert [each for each in listed if each in throughout] == throughout
        assert ("added or deleted during the listing" in done.err) is said


def test_debug_adds_the_traceback_and_shows_no_key(monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    with serving(answer({"message": f"bad {KEY}"}, status=401)) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        done = invoke("customers", "--debug")
        assert done.status == 3
        assert "Traceback" in done.err
        assert KEY not in done.err


def test_the_embedded_sandbox_overrides_the_environment(sandbox: Sandbox, invoke: Invoke) -> None:
    done = invoke("customers", "--sandbox", "--format", "table", "--limit", "1")
    assert done.out.splitlines()[-1].endswith(" - invented by the sandbox")
    assert sandbox.requests == []


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "cp437"}]
)
def test_a_pipe_gets_utf_8_in_any_locale(locale: dict[str, str]) -> None:
    with serving(page(1, [], more=False, data=[{"id": "cst_1", "companyName": "Zoë \u0141 \ud83d"}])) as wire:
        done = run(
            "customers", MIJNKLANTPORTAAL_API_KEY=KEY, MIJNKLANTPORTAAL_BASE_URL=wire.base_url, **locale
        )
    assert (done.status, done.err) == (0, "")
    assert "Zoë Ł" in done.out
    assert json.loads(done.out)["companyName"] == "Zoë \u0141 \ud83d"
