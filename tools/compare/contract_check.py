"""Checks that document, client, mock servers and live API agree: `python -m tools.compare.contract_check`.

It prints one line per check, then the details.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from mijnklantportaal import MijnKlantportaal, MijnKlantportaalError
from mijnklantportaal.contract import check_portal, render
from tools.compare import node
from tools.regenerate.effective import effective, load
from tools.regenerate.generate import PACKAGE, ROOT
from tools.regenerate.normalise import normalise
from tools.regenerate.notes import Note, listed
from tools.regenerate.overlay import superfluous
from tools.regenerate.tree import ToolError

KEY: Final = "MIJNKLANTPORTAAL_API_KEY"


@dataclass(frozen=True)
class Outcome:
    """The outcome of one check.

    Attributes:
        result: Only `FAILED` makes the exit status 1.
        detail: A summary in a few words.
        output: The details.
    """

    result: Literal["ok", "drift", "not checked", "FAILED"]
    detail: str = ""
    output: str = ""


def document() -> Outcome:
    """Check that the effective document is valid, and that every action of the overlay is still needed."""
    openapi, overlay = (ROOT / "openapi.yaml").read_bytes(), (ROOT / "overlay.yaml").read_bytes()
    try:
        problems = _lint(effective(openapi, overlay)[0])
        idle = superfluous(normalise(load(openapi, "openapi.yaml"))[0], load(overlay, "overlay.yaml"))
    except ToolError as error:
        return Outcome("FAILED", "invalid document or overlay", str(error))
    problems += [f"{name}: it changes nothing (upstream now says the same): remove it" for name in idle]
    if problems:
        return Outcome("FAILED", f"{len(problems)} problems", "\n".join(problems))
    return Outcome("ok", "no lint errors; every overlay action is needed")


def generated() -> Outcome:
    """Check that the committed package is up to date."""
    return _command("tools.regenerate.generate", "--check", detail="generated/ is up to date")


def notes() -> Outcome:
    """Show how the client differs from the document as written."""
    provenance = json.loads((ROOT / "generated" / PACKAGE / "provenance.json").read_bytes())
    found = [Note(**each) for each in provenance["notes"]]
    counts = Counter(note.kind for note in found)
    detail = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "none"
    return Outcome("drift" if counts.keys() - {"adjusted"} else "ok", detail, "\n".join(listed(found)))


def client() -> Outcome:
    """Check that the client parses all responses that the document allows, and sends only valid requests."""
    return _tests("tests/contract/test_round_trip.py", "-m", "slow")


def prism() -> Outcome:
    """Check the client with an independent mock server, Prism."""
    return _tests("tests/contract/test_prism.py", "-m", "slow")


def sandbox() -> Outcome:
    """Check that the sandbox conforms to the document."""
    return _tests("tests/sandbox/test_schemathesis.py", "-m", "slow")


def live(environment: Mapping[str, str] = os.environ) -> Outcome:
    """Check that the live API conforms to the document; needs an API key."""
    if not environment.get(KEY):
        return Outcome("not checked", f"no API key: set {KEY}")
    try:
        with MijnKlantportaal() as portal:
            report = check_portal(portal)
    except MijnKlantportaalError as error:
        return Outcome("FAILED", "cannot check", str(error))
    result: Literal["ok", "drift", "FAILED"] = "FAILED"
    if report.outcome in {"ok", "drift"}:
        result = "drift" if report.outcome == "drift" else "ok"
    return Outcome(result, report.summary, "" if result == "ok" else render(report))


CHECKS: Final[Mapping[str, Callable[[], Outcome]]] = {
    "document": document,
    "generated package": generated,
    "notes": notes,
    "client": client,
    "Prism": prism,
    "sandbox": sandbox,
    "live API": live,
}


def main(checks: Mapping[str, Callable[[], Outcome]] = CHECKS) -> int:
    """Run the checks; the exit status is 1 if one of them failed."""
    outcomes: dict[str, Outcome] = {}
    for name, check in checks.items():
        outcomes[name] = outcome = check()
        print(f"{name:<18}  {outcome.result:<11}  {outcome.detail}".rstrip(), flush=True)
    for name, outcome in outcomes.items():
        if outcome.output:
            print(f"\n{name}: {outcome.result}\n{outcome.output}")
    return int(any(outcome.result == "FAILED" for outcome in outcomes.values()))


def _lint(effective_document: dict[str, Any]) -> list[str]:
    with TemporaryDirectory(prefix="mijnklantportaal-lint-") as folder:
        path = Path(folder, "openapi.json")
        path.write_text(json.dumps(effective_document), encoding="utf-8")
        done = node.run("redocly", "lint", str(path), "--config=redocly.yaml", "--format=json", cwd=ROOT)
    try:
        problems: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    except (ValueError, KeyError) as error:
        raise node.NodeError(f"redocly: {' '.join(done.stderr.split())[-300:]}") from error
    return [
        f"{each['location'][0].get('pointer', '#')}: {each['message']} ({each['ruleId']}); "
        "correct it in overlay.yaml"
        for each in problems
        if each["severity"] == "error"
    ]


def _tests(*arguments: str) -> Outcome:
    return _command("pytest", "--quiet", "--no-header", *arguments)


def _command(module: str, *arguments: str, detail: str = "") -> Outcome:
    done = subprocess.run(  # noqa: S603 - no shell, and one of our own commands
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    output = (done.stdout + done.stderr).strip()
    if done.returncode:
        return Outcome("FAILED", "see below", output)
    return Outcome("ok", detail or output.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
