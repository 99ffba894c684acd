"""Writes the tables of README.md and the plots from results.json, reproducibly.

python -m benchmarks.report     rewrites tables and plots after a change to this module or to plots.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean, median
from typing import Any, cast

from benchmarks import plots
from benchmarks.roster import BASE
from benchmarks.scenarios.faults import VERDICTS

RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results: written by `make bench` -->", "<!-- end of results -->"
_TOLD = {"httpx", "httpx2", "urllib3", "aiohttp", "pydantic", "orjson"}
_TEXTS = {"client", "versions", "outcome"}
Results = dict[str, Any]


def rounded(results: Results) -> Results:
    """Returns the results with four significant digits; more would be noise."""
    text = json.dumps(results)
    return cast("Results", json.loads(text, parse_float=lambda digits: float(f"{float(digits):.4g}")))


def read() -> Results:
    """Reads results.json."""
    return cast("Results", json.loads((RESULTS / "results.json").read_text(encoding="utf-8")))


def merged(earlier: Results, later: Results) -> Results:
    """Returns the results of a later run of some scenarios, and of the others those of an earlier run.

    Raises:
        ValueError: The two ran on different machines, or with different clients or versions.
    """
    for key in ("machine", "peers"):
        if earlier[key] != later[key]:
            raise ValueError(f"run all scenarios, because results.json has other {key}")
    first = earlier["date"].partition(" ")[0]
    date = first if first == later["date"] else f"{first} to {later['date']}"
    scenarios = earlier["scenarios"] | later["scenarios"]
    return earlier | later | {"date": date, "scenarios": scenarios}


def write(results: Results) -> None:
    """Writes results.json, the plots, and the README's tables."""
    RESULTS.mkdir(exist_ok=True)
    results = rounded(results)
    text = json.dumps(results, indent=1)
    # One list of numbers per line.
    text = re.sub(r"\[[^][{}]*\]", lambda found: " ".join(found[0].split()), text)
    (RESULTS / "results.json").write_text(text + "\n", encoding="utf-8")
    for name, chart in plots.every(results).items():
        (RESULTS / f"{name}.svg").write_text(chart.svg(), encoding="utf-8")
    README.write_text(with_tables(README.read_text(encoding="utf-8"), results), encoding="utf-8")


def with_tables(readme: str, results: Results) -> str:
    """Returns the README with the tables between its markers."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables(results)}\n{END}{rest.partition(END)[2]}"


def tables(results: Results) -> str:
    """Returns all tables, as Markdown."""
    machine = results["machine"]
    text = (
        f"Measured on {results['date']}: {machine['cpu']}, {machine['cpus']} CPUs, {machine['system']}, "
        f"Python {machine['python']}. Medians of all rounds, with minimum and maximum in brackets.\n"
    )
    charts = plots.every(results)
    for name, table in _TABLES.items():
        if name in results["scenarios"]:
            text += "\n" + table(results["scenarios"][name], results["peers"])
        if name in charts:
            text += f"\n![{charts[name].alt}](results/{name}.svg)\n"
    if "growth" in results:
        text += _growth(results["growth"])
    return f"{text}\n### Versions\n\n{_who(results)}"


def ratios(values: list[float], base: list[float]) -> list[float]:
    """Returns the ratio of two peers in each round."""
    return [value / other for value, other in zip(values, base, strict=True)]


def _who(results: Results) -> str:
    rows: list[list[str]] = []
    for name, peer in results["peers"].items():
        if "missing" in peer:
            rows.append([name, f"not installed: {peer['missing']}"])
            continue
        first = next(iter(peer["made_of"]))
        told = [each for each in peer["made_of"] if each == first or each in _TOLD]
        rows.append([name, ", ".join(f"{each} {peer['made_of'][each]}" for each in told)])
    return _table(["client", "versions"], rows)


def _no_latency(scenario: Results, peers: Results) -> str:
    base = scenario["peers"].get(BASE, {})

    def row(found: Results) -> list[str]:
        pages = scenario["pages"] - 1  # the clock starts at the first customer, on page 1
        cpu, wall = found["cpu_after_first"], found["wall_after_first"]
        over = "cpu_after_first" in base
        return [
            _spread(ratios(cpu, base["cpu_after_first"])) if over else "",
            f"{median(cpu) / pages * 1e6:.0f} µs",
            _spread(ratios(wall, base["wall_after_first"])) if over else "",
            f"{median(pages / each for each in wall):.0f}",
        ]

    title = f"### {scenario['pages']} pages at no latency\n\n"
    head = ["client", "CPU / generated call", "CPU per page", "time / generated call", "pages per second"]
    return title + _table(head, _rows(scenario, peers, row))


def _at_latency(scenario: Results, peers: Results) -> str:
    base = scenario["peers"].get(BASE, {})

    def row(found: Results) -> list[str]:
        faster = ratios(base["wall"], found["wall"]) if "wall" in base else []
        return [f"{_spread(found['wall'])} s", f"{median(faster):.1f}" if faster else ""]

    title = f"### {scenario['pages']} pages at {scenario['latency'] * 1000:.0f} ms\n\n"
    return title + _table(["client", "time", "speed / generated call"], _rows(scenario, peers, row))


def _rate_limit(scenario: Results, peers: Results) -> str:
    windows = (scenario["pages"] - 1) // scenario["limit"]
    optimum = windows * scenario["window"]

    def row(found: Results) -> list[str]:
        rejected = f"{median(found['rejected']):.0f}"
        ended = [wall for wall, error in zip(found["wall"], found["error"], strict=True) if not error]
        errors = _class_names(found["error"])
        outcome = f"completes {len(ended)} of {len(found['error'])} listings" if ended else "completes none"
        if errors:
            outcome += f"; {errors} after {min(found['pages']):.0f} pages"
        if not ended:
            return [outcome, "", "", rejected]
        over = [wall / optimum for wall in ended]
        return [outcome, f"{median(ended):.1f} s", _spread(over), rejected]

    title = (
        f"### {scenario['pages']} pages, {scenario['limit']} per window of {scenario['window']:g} s "
        f"(optimum: {optimum:g} s)\n\n"
    )
    return title + _table(
        ["client", "outcome", "time", "time / optimum", "429s"], _rows(scenario, peers, row)
    )


def _losses(scenario: Results, peers: Results) -> str:
    presets = list(next(iter(scenario["peers"].values())))

    def row(found: Results) -> list[str]:
        runs = found.values()
        if errors := _class_names(error for run in runs for error in run["error"]):
            given = min(count for run in runs for count in run["given"])
            return [f"stops after {given} customers: {errors}"]
        lost = [f"{mean(run['lost']):.1f}, {max(run['lost'])}" for run in runs]
        requests = mean(count for run in runs for count in run["requests"])
        return [*lost, f"{requests:.0f}"]

    title = (
        f"### {scenario['pages']} pages while customers are added and deleted\n\n"
        f"Lost: customers that exist throughout but are not listed; mean and maximum of "
        f"{scenario['seeds']} listings. A window represents a minute.\n\n"
    )
    return title + _table(["client", *presets, "requests"], _rows(scenario, peers, row))


def _faults(scenario: Results, peers: Results) -> str:
    def row(found: str) -> list[str]:
        return [str(found.count(each[0])) for each in VERDICTS]

    title = f"### {scenario['schedules']} fault schedules\n\n"
    return title + _table(["client", *VERDICTS], _rows(scenario, peers, row))


def _tools(scenario: Results, peers: Results) -> str:
    names = list(next(iter(scenario["peers"].values())))
    rows = _rows(scenario, peers, lambda found: ["yes" if found[name] else "no" for name in names])
    return "### Tools that see the requests\n\n" + _table(["client", *names], rows)


def _connections(scenario: Results, peers: Results) -> str:
    title = f"### Connections opened by {scenario['listings']} listings of {scenario['pages']} pages\n\n"
    return title + _table(["client", "connections"], _rows(scenario, peers, lambda found: [str(found)]))


def _growth(documents: list[Results]) -> str:
    head = ["operations", "generated lines", "`make generate`", "import, open a portal", "wheel"]
    rows = [
        [
            str(each["operations"]),
            f"{each['lines']:,}",
            f"{each['generate']:.1f} s",
            f"{each['import'] * 1000:.0f} ms",
            f"{each['wheel_kib']:.0f} KiB",
        ]
        for each in documents
    ]
    return "\n### As the document grows\n\n" + _table(head, rows)


def _start(scenario: Results, peers: Results) -> str:
    def row(found: Results) -> list[str]:
        few, many = (None if peak is None else peak / 1024 for peak in found["peak_kib"])
        return [
            *(_spread([each * 1000 for each in found[key]], 0) for key in ("import", "first")),
            "?" if few is None or many is None else f"{many:.0f} ({many - few:+.0f})",
            f"{found['wheel_kib']:.0f}",
            str(found["dependencies"]),
        ]

    few, many = scenario["customers"]
    memory = f"memory for {many:,} customers (compared with {few:,}), MiB"
    head = ["client", "import, ms", "import to first customer, ms", memory, "wheel, KiB", "dependencies"]
    return "### Startup, memory, size\n\n" + _table(head, _rows(scenario, peers, row))


_TABLES: dict[str, Callable[[Results, Results], str]] = {
    "latency": _at_latency,
    "quota": _rate_limit,
    "losses": _losses,
    "faults": _faults,
    "cpu": _no_latency,
    "tools": _tools,
    "connections": _connections,
    "start": _start,
}


def _class_names(errors: Iterable[str | None]) -> str:
    """Returns the class names of errors, without their modules."""
    return ", ".join(sorted({error.rpartition(".")[2] for error in errors if error}))


def _rows(scenario: Results, peers: Results, row: Callable[[Any], list[str]]) -> list[list[str]]:
    """Returns a row for each peer of the scenario: its results, or why it was not measured."""
    rows: list[list[str]] = []
    kinds = {peers[name]["kind"] for name in scenario["peers"]}
    for name, peer in peers.items():
        found = scenario["peers"].get(name)
        if "missing" in peer and peer["kind"] in kinds:
            rows.append([name, f"not installed: {peer['missing']}"])
        elif isinstance(found, dict) and "failed" in found:
            rows.append([name, f"failed: {found['failed']}"])
        elif found is not None:
            rows.append([name, *row(found)])
    return rows


def _spread(values: list[float], digits: int = 2) -> str:
    low, high = min(values), max(values)
    return f"{median(values):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    padded = [row + [""] * (len(head) - len(row)) for row in rows]
    lines = [head, ["---" if each in _TEXTS else "--:" for each in head], *padded]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    write(read())
