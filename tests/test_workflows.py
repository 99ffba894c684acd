"""The workflows: their permissions, and the third-party actions that they run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# The write permissions of each job; a job that is not listed has none.
ALLOWED = {
    ("contract", "pull-request"): {"contents": "write", "pull-requests": "write"},
    ("release", "publish"): {"id-token": "write"},
    ("release", "announce"): {"contents": "write"},
}
# Expressions in a script are inserted before the shell reads it, so their text could inject code.
EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=[path.stem for path in WORKFLOWS])


def load(path: Path) -> dict[str, Any]:
    """Load a workflow as YAML 1.2, in which `on` is not a boolean."""
    loaded: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return loaded


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def test_they_are_there() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "contract", "release"]


@every_workflow
def test_every_action_is_pinned_by_its_commit_and_says_its_version(path: Path) -> None:
    written = re.findall(r"uses:\s*(.+)", path.read_text(encoding="utf-8"))
    assert len(written) == sum("uses" in step for step in steps(path)) > 0
    assert [each for each in written if not PINNED.fullmatch(each)] == []


def test_an_action_has_one_version_everywhere() -> None:
    written = {each for path in WORKFLOWS for each in re.findall(r"uses:\s*(.+)", path.read_text("utf-8"))}
    assert len({each.partition("@")[0] for each in written}) == len(written)


@every_workflow
def test_nobody_may_do_anything_that_no_job_asks_for(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        granted = dict(job["permissions"])
        if granted.get("contents") == "read":
            del granted["contents"]
        assert granted == ALLOWED.get((path.stem, name), {}), name
        assert job["timeout-minutes"] <= 30, name


@every_workflow
def test_strangers_start_nothing_that_has_secrets(path: Path) -> None:
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(load(path)["on"])


@every_workflow
def test_no_script_holds_text_of_others(path: Path) -> None:
    assert [step["run"] for step in steps(path) if EXPRESSION.search(step.get("run", ""))] == []
    assert "github.event" not in path.read_text(encoding="utf-8")


@every_workflow
def test_a_checkout_leaves_no_credentials_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_what_may_publish_runs_nothing_of_the_repository() -> None:
    job = load(ROOT / ".github" / "workflows" / "release.yml")["jobs"]["publish"]
    assert job["environment"] == "pypi"
    assert [step["run"] for step in job["steps"] if "run" in step] == ["rm dist/notes.md"]
    assert not any("checkout" in step.get("uses", "") for step in job["steps"])


def test_the_pythons_that_are_claimed_are_those_that_are_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert (
        claimed
        == load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["checks"]["strategy"]["matrix"]["python"]
    )
    assert project["requires-python"] == f">={claimed[0]}"
