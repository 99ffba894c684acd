"""Compares this client with its peers: `make bench`. It can be run for some scenarios, or some peers, only:

python -m benchmarks.compare latency faults
python -m benchmarks.compare latency faults --peer mijnklantportaal --peer requests

A run with all peers writes benchmarks/results/ and the tables of benchmarks/README.md; results of scenarios
that it leaves out are kept. A run with some peers prints its tables.
"""  # noqa: D415

from __future__ import annotations

import argparse
import os
import platform
import shutil
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import environments, report
from benchmarks.growth import growth
from benchmarks.roster import ROSTER, Peer
from benchmarks.scenarios.connections import connections
from benchmarks.scenarios.faults import faults
from benchmarks.scenarios.losses import losses
from benchmarks.scenarios.quota import rate_limit
from benchmarks.scenarios.speed import at_latency, no_latency
from benchmarks.scenarios.start import start
from benchmarks.scenarios.tools import tools
from benchmarks.workers import Worker
from mijnklantportaal.sandbox import Sandbox

SCENARIOS: dict[str, tuple[Callable[[Sequence[Peer]], dict[str, Any]], set[str]]] = {
    "cpu": (no_latency, {"ours", "variant", "client", "floor"}),
    "latency": (at_latency, {"ours", "variant", "client", "floor"}),
    "quota": (rate_limit, {"ours", "client"}),
    "losses": (losses, {"ours", "certain", "client"}),
    "faults": (faults, {"ours", "client"}),
    "tools": (tools, {"ours", "client"}),
    "connections": (connections, {"ours", "kept", "client"}),
    "start": (start, {"ours", "client"}),
}


def machine() -> dict[str, str]:
    """Describes the machine, without its name."""
    cpuinfo = Path("/proc/cpuinfo")
    models = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.system()
    return {
        "cpu": models[0].partition(":")[2].strip() if models else platform.machine(),
        "cpus": str(os.cpu_count()),
        "system": f"{system}, {platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
    }


def installed(peers: Sequence[Peer]) -> dict[str, dict[str, Any]]:
    """Creates every peer's environment; returns the versions in each, or why it is missing."""
    environments.BENCH.mkdir(exist_ok=True)
    shutil.copy(environments.DOCUMENT, environments.BENCH / "openapi.json")
    found: dict[str, dict[str, Any]] = {}
    for peer in peers:
        try:
            environments.make(peer.environment)
            try_out(peer)
        except environments.NotInstalledError as reason:
            found[peer.name] = {"kind": peer.kind, "missing": str(reason)}
        else:
            found[peer.name] = {"kind": peer.kind, "made_of": environments.made_of(peer.environment)}
    return found


def try_out(peer: Peer) -> None:
    """Lists a few customers, so that only clients that work are compared.

    Raises:
        NotInstalledError: The client does not work.
    """
    with Sandbox(customers=40) as sandbox, Worker(peer) as worker:
        answer = worker.listing(sandbox.base_url, sandbox.api_key)
        if answer["error"] or answer["count"] != 40:
            raise environments.NotInstalledError(f"does not work here: {answer['error'] or 'too few'}")


def main() -> None:
    """Runs scenarios one after another."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    every = [*SCENARIOS, "growth"]
    parser.add_argument("scenario", nargs="*", help=f"one of {', '.join(every)} (default: all)")
    parser.add_argument("--peer", action="append", choices=[peer.name for peer in ROSTER], metavar="PEER")
    options = parser.parse_args()
    chosen = options.scenario or every
    if unknown := set(chosen) - set(every):
        parser.error(f"unknown scenario: {', '.join(sorted(unknown))}")
    peers = [peer for peer in ROSTER if not options.peer or peer.name in options.peer]
    found = installed(peers)
    present = [peer for peer in peers if "missing" not in found[peer.name]]
    results: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "peers": found,
        "scenarios": {},
    }
    partial = set(chosen) != set(every)
    if partial and not options.peer:
        report.merged(report.read(), results)  # fails now rather than after the measurements
    for name, (measure, kinds) in SCENARIOS.items():
        if name in chosen:
            print(f"{name} …", flush=True)
            began = time.perf_counter()
            results["scenarios"][name] = measure([peer for peer in present if peer.kind in kinds])
            print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
    if "growth" in chosen:
        results["growth"] = growth()
    if options.peer:
        print(report.tables(report.rounded(results)))
    else:
        report.write(report.merged(report.read(), results) if partial else results)


if __name__ == "__main__":
    main()
