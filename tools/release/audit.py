"""Checks the pinned dependencies for known vulnerabilities: `python -m tools.release.audit [--strict]`.

pip-audit reports "No known vulnerabilities found" even if no lookup succeeded. This reports what was not
checked, which is a failure with `--strict`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
PINS: Final = ROOT / "requirements-dev.txt"


def verdict(out: str, err: str, *, strict: bool) -> tuple[int, list[str]]:
    """Return the exit status and the lines to print for the output of pip-audit."""
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (err.strip().splitlines() or ["no output from pip-audit"])[-1]
        return int(strict), [f"not checked: {reason}"]
    checked = [package for package in packages if "skip_reason" not in package]
    skipped = [package for package in packages if "skip_reason" in package]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, fixed in {_versions(found['fix_versions'])}"
        for package in checked
        for found in package["vulns"]
    ]
    status = int(bool(lines) or (strict and not (checked and not skipped)))
    if checked and not lines:
        lines.append(f"no known vulnerabilities in {len(checked)} packages")
    if skipped:
        lines.append(f"not checked: {len(skipped)} of {len(packages)} packages: {skipped[0]['skip_reason']}")
    return status, lines


def main(arguments: list[str]) -> int:
    """Run the audit and print the result."""
    done = subprocess.run(  # noqa: S603 - no shell, and one of our own tools
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", PINS, "--no-deps", "--disable-pip"),
            *("--format", "json", "--progress-spinner", "off"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    status, lines = verdict(done.stdout, done.stderr, strict="--strict" in arguments)
    print(*lines, sep="\n")
    return status


def _versions(versions: list[str]) -> str:
    return ", ".join(versions) or "no version yet"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
