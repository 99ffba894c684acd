"""The lowest and newest versions that are tested are those that pyproject.toml declares."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / "tests" / "constraints"


def claimed() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    return {canonicalize_name(each.name): each for listed in lists for each in map(Requirement, listed)}


def pinned(path: Path) -> dict[str, Version]:
    """Return the name and version of each line, except those for some platforms only."""
    found = [Requirement(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        canonicalize_name(each.name): Version(next(iter(each.specifier)).version)
        for each in found
        if not each.marker or each.marker.evaluate({"sys_platform": "linux", "os_name": "posix"})
    }


def test_the_lowest_version_of_each_range_is_tried() -> None:
    lowest = {
        name: min(Version(bound.version) for bound in requirement.specifier if bound.operator == ">=")
        for name, requirement in claimed().items()
    }
    tried = pinned(CONSTRAINTS / "lowest.txt")
    assert {name: tried.get(name) for name in lowest} == lowest, "run `make lock`"


def test_the_newest_versions_are_within_the_ranges() -> None:
    tried = pinned(CONSTRAINTS / "newest.txt")
    assert [name for name, each in claimed().items() if tried[name] not in each.specifier] == []


def test_the_environment_of_make_test_is_that_of_the_newest_versions() -> None:
    """So `make test` is the run with the newest versions; if a tool prevents one, run both."""
    tried, developed = pinned(CONSTRAINTS / "newest.txt"), pinned(ROOT / "requirements-dev.txt")
    differing = {name: (version, developed.get(name)) for name, version in tried.items()}
    assert {name: both for name, both in differing.items() if both[0] != both[1]} == {}
