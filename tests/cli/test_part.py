"""What is kept of a file when a run ends early, and how the next run continues it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from click import ClickException

from mijnklantportaal.cli.files import open_part
from mijnklantportaal.cli.formats import WRITERS
from mijnklantportaal.sandbox import Change, Sandbox, by_page, faults
from tests import processes
from tests.cli.helpers import COMMAND, INTERRUPTED_COMMAND, Ran, environment, point_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Invoke = Callable[..., Ran]

FORMATS = ["csv", "json", "jsonl", "xlsx"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(sandbox: Sandbox) -> set[int | None]:
    """The pages that were asked for, without those that an earlier run had asked for past the end."""
    return {request.page for request in sandbox.requests} & {1, 2, 3}


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("kind", FORMATS)
def test_complete_pages_are_kept_and_resumed_to_the_same_file(
    kind: str, sandbox: Sandbox, invoke: Invoke, here: Path
) -> None:
    assert invoke("customers", "-o", f"whole.{kind}").status == 0
    sandbox.reset(faults=by_page({3: faults.WrongPage(7)}))
    failed = invoke("customers", "-o", f"a.{kind}")
    assert failed.status == 5
    assert failed.err.splitlines()[1] == (
        f"30 customers kept in a.{kind}.part. To continue: mijnklantportaal customers -o a.{kind} --resume"
    )
    assert names(here) == [f"a.{kind}.part", f"whole.{kind}"]
    if os.name != "nt":
        assert stat.S_IMODE((here / f"a.{kind}.part").stat().st_mode) == 0o600
    sandbox.reset()
    assert invoke("customers", "-o", f"a.{kind}", "--resume") == (0, "", "")
    assert asked(sandbox) == {2, 3}  # the page before shows whether the list has shifted
    assert names(here) == [f"a.{kind}", f"whole.{kind}"]
    if kind != "xlsx":  # a workbook says when it was made
        assert (here / f"a.{kind}").read_bytes() == (here / f"whole.{kind}").read_bytes()


def test_running_again_without_resume_keeps_the_part(sandbox: Sandbox, invoke: Invoke, here: Path) -> None:
    sandbox.reset(faults=by_page({3: faults.WrongPage(7)}))
    invoke("customers", "-o", "a.csv")
    sandbox.reset()
    again = invoke("customers", "-o", "a.csv")
    assert (again.status, asked(sandbox), names(here)) == (2, set(), ["a.csv.part"])
    assert "a.csv.part exists. Unless another run is still writing it, continue it with --resume" in again.err
    assert invoke("customers", "-o", "a.csv", "--force").status == 0
    assert names(here) == ["a.csv"]
    assert asked(sandbox) == {1, 2, 3}


@pytest.mark.parametrize("other", [["--group", "cug_x"], ["--sandbox"]])
def test_a_part_of_another_listing_is_refused(
    other: list[str], sandbox: Sandbox, invoke: Invoke, here: Path
) -> None:
    sandbox.reset(faults=by_page({3: faults.WrongPage(7)}))
    invoke("customers", "-o", "a.csv")
    before = (here / "a.csv.part").read_bytes()
    done = invoke("customers", "-o", "a.csv", "--resume", *other)
    assert (done.status, (here / "a.csv.part").read_bytes()) == (2, before)
    assert "a.csv.part belongs to a different list, filter or portal" in done.err


@pytest.mark.parametrize(
    "line", [b"[1", b"1", b"[2, 3]", b'[2, ["a"]]', b"\xff", b'["zzz", []]', b"[0, []]", b"[{}, []]"]
)
def test_a_damaged_part_is_one_line(line: bytes, sandbox: Sandbox, invoke: Invoke, here: Path) -> None:
    sandbox.reset(faults=by_page({3: faults.WrongPage(7)}))
    invoke("customers", "-o", "a.csv")
    part = here / "a.csv.part"
    before = part.read_bytes().splitlines(keepends=True)[0] + line + b"\n"
    part.write_bytes(before)
    done = invoke("customers", "-o", "a.csv", "--resume")
    assert (done.status, part.read_bytes()) == (2, before)
    assert done.err == (
        "Error: a.csv.part is damaged. Start again: leave out --resume, and discard it with --force.\n"
    )


def test_resume_needs_a_part(sandbox: Sandbox, invoke: Invoke, here: Path) -> None:
    done = invoke("customers", "-o", "a.csv", "--resume")
    assert (done.status, names(here)) == (2, [])
    assert "there is no a.csv.part to continue" in done.err


def test_the_folder_must_exist(sandbox: Sandbox, invoke: Invoke, here: Path) -> None:
    done = invoke("customers", "-o", "absent/a.csv")
    assert (done.status, sandbox.requests) == (2, [])
    assert done.err == f"Error: No such file or directory: {os.path.join('absent', 'a.csv.part')}.\n"


def test_a_customer_repeated_by_a_shift_is_written_once(sandbox: Sandbox, invoke: Invoke, here: Path) -> None:
    sandbox.reset(faults=by_page({2: faults.WrongPage(7)}))
    invoke("customers", "-o", "a.jsonl")
    sandbox.reset()
    sandbox.add_customers(3)  # in front: three of page 1 are on page 2 now
    assert invoke("customers", "-o", "a.jsonl", "--resume").status == 0
    found = [json.loads(line)["id"] for line in (here / "a.jsonl").read_text().splitlines()]
    assert found == sandbox.ids()[3:]


def test_certain_lists_the_pages_before_the_interruption_again_as_well(
    sandbox: Sandbox, invoke: Invoke, here: Path
) -> None:
    """Without that, a customer that moved to a page that had been read would be lost."""
    missed_once = [Change(request=2, remove=1, at=0)]  # the first of page 2 moves to page 1
    sandbox.reset(changes=missed_once, faults=by_page({3: [faults.Status(401)]}))
    assert invoke("customers", "-o", "a.jsonl", "--certain").status == 3
    assert invoke("customers", "-o", "a.jsonl", "--certain", "--resume").status == 0
    found = [json.loads(line)["id"] for line in (here / "a.jsonl").read_text().splitlines()]
    assert len(found) == len(set(found))
    assert set(found) > set(sandbox.ids())


@pytest.mark.parametrize(("limit", "more"), [(20, False), (30, False), (35, True), (100, True)])
def test_a_limit_counts_kept_items(
    limit: int, more: bool, sandbox: Sandbox, invoke: Invoke, here: Path
) -> None:
    sandbox.reset(faults=by_page({3: faults.WrongPage(7)}))
    invoke("customers", "-o", "a.jsonl")
    sandbox.reset()
    assert invoke("customers", "-o", "a.jsonl", "--resume", "--limit", str(limit)).status == 0
    assert (3 in asked(sandbox)) is more
    assert len((here / "a.jsonl").read_text().splitlines()) == max(30, min(limit, 40))


def test_a_failure_after_the_last_page_needs_no_further_requests(
    sandbox: Sandbox, invoke: Invoke, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(WRITERS, "csv", full)
    failed = invoke("customers", "-o", "a.csv")
    assert (failed.status, names(here)) == (2, ["a.csv.part"])
    assert "40 customers kept in a.csv.part" in failed.err
    sandbox.reset()
    assert invoke("customers", "-o", "a.csv", "--resume", "--format", "jsonl").status == 0
    assert (asked(sandbox), names(here)) == (set(), ["a.csv"])


def test_nothing_is_kept_if_the_first_page_fails(sandbox: Sandbox, invoke: Invoke, here: Path) -> None:
    sandbox.reset(faults=by_page({1: faults.Status(404)}))
    done = invoke("customers", "-o", "a.csv")
    assert (done.status, len(done.err.splitlines()), names(here)) == (5, 1, [])


def test_a_part_cut_off_anywhere_can_be_resumed(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    part = open_part(target, "customers", 1, resume=False, force=False)
    for number in range(3):
        part.latest.append({"id": number})
        part.complete(number + 2)
    part.latest.append({"id": 3})
    part.close()
    path = tmp_path / "a.csv.part"
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        again = open_part(target, "customers", 1, resume=True, force=False)
        assert [item["id"] for item in again.items()] == list(range(again.count))
        assert again.position == again.count + 1
        again.latest.append({"id": "next"})
        again.complete(None)
        assert [item["id"] for item in again.items()] == [*range(again.count - 1), "next"]
        again.close()
    with pytest.raises(ClickException, match="belongs to a different list"):
        open_part(target, "others", 1, resume=True, force=False)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_keeps_it_too(tmp_path: Path) -> None:
    with Sandbox(customers=40, faults=by_page({3: faults.Delay(3600)})) as sandbox:
        with processes.started(
            [*INTERRUPTED_COMMAND, "customers", "--output", "a b.csv"],
            env=processes.unmeasured(environment(**point_to(sandbox))),
            cwd=tmp_path,
            stderr=subprocess.PIPE,
        ) as process:
            part = tmp_path / "a b.csv.part"
            deadline = time.monotonic() + processes.PATIENCE
            while not part.exists() or part.read_bytes().count(b"\n") < 2:  # a page
                assert time.monotonic() < deadline
                os.sched_yield()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=processes.PATIENCE)
        assert process.returncode == 130
        assert names(tmp_path) == ["a b.csv.part"]
        sandbox.reset(faults=None)
        resume = err.decode().partition("To continue: mijnklantportaal ")[2]
        assert resume == "customers --output 'a b.csv' --resume\n"
        processes.run(
            [*COMMAND, "customers", "--output", "a b.csv", "--resume"],
            env=environment(**point_to(sandbox)),
            cwd=tmp_path,
            check=True,
        )
        assert len((tmp_path / "a b.csv").read_text().splitlines()) == 41
