"""Draws results.json as SVG: the same input, the same bytes; readable on a light and on a dark page."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.roster import BASE
from benchmarks.scenarios.faults import VERDICTS

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 760, 240, 120, 52, 24
# The card brings its own background, so that it is readable wherever it stands.
_STYLE = """
.card { fill: #ffffff; stroke: #d0d7de } text { fill: #1f2328; font: 12px system-ui, sans-serif }
.title { font-weight: 600; font-size: 14px } .whisker { stroke: #1f2328 }
.ours, .variant { fill: #0a7d5a } .client { fill: #6e8fb5 } .floor { fill: #b9c0c8 }
.complete { fill: #0a7d5a } .typed { fill: #8cc5ae } .other { fill: #e0b04c } .silent { fill: #c8453b }
.hang { fill: #a667b8 }
@media (prefers-color-scheme: dark) {
.card { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 } .whisker { stroke: #e6edf3 }
.floor { fill: #59626d } }
"""


@dataclass(frozen=True)
class Part:
    """A piece of a bar."""

    kind: str
    length: float


@dataclass(frozen=True)
class Bar:
    """A row: its parts one after another, the least and the most of what it stands for, and what is said."""

    label: str
    parts: list[Part]
    text: str
    spread: tuple[float, float] | None = None


def every(results: dict[str, Any]) -> dict[str, str]:
    """All plots, by file name."""
    scenarios, peers = results["scenarios"], results["peers"]
    return {
        "cpu.svg": _cpu(scenarios["cpu"], peers),
        "latency.svg": _latency(scenarios["latency"], peers),
        "faults.svg": _faults(scenarios["faults"]),
        "start.svg": _start(scenarios["start"], peers),
    }


def _cpu(scenario: dict[str, Any], peers: dict[str, Any]) -> str:
    base = scenario["peers"][BASE]["cpu_after_first"]
    measured = {
        name: [one / other for one, other in zip(found["cpu_after_first"], base, strict=True)]
        for name, found in scenario["peers"].items()
        if "failed" not in found
    }
    title = f"CPU a page, {scenario['pages']} pages at no latency: the generated call is 1, less is better"
    return chart(title, _bars(measured, peers, "{:.2f}"))


def _latency(scenario: dict[str, Any], peers: dict[str, Any]) -> str:
    measured = {name: found["wall"] for name, found in scenario["peers"].items() if "failed" not in found}
    title = f"Seconds for {scenario['pages']} pages at {scenario['latency'] * 1000:.0f} ms: less is better"
    return chart(title, _bars(measured, peers, "{:.2f} s"))


def _start(scenario: dict[str, Any], peers: dict[str, Any]) -> str:
    measured = {name: [each * 1000 for each in found["first"]] for name, found in scenario["peers"].items()}
    title = "Milliseconds from a fresh process to the first customer: less is better"
    return chart(title, _bars(measured, peers, "{:.0f} ms"))


def _faults(scenario: dict[str, Any]) -> str:
    bars: list[Bar] = []
    for name, verdicts in scenario["peers"].items():
        counts = [(each, verdicts.count(each[0])) for each in VERDICTS]
        bars.append(
            Bar(name, [Part(each.split()[0], count) for each, count in counts], f"{counts[0][1]} complete")
        )
    title = f"What became of {scenario['schedules']} listings from a server that misbehaves"
    return chart(title, bars, legend=VERDICTS)


def _bars(measured: dict[str, list[float]], peers: dict[str, Any], form: str) -> list[Bar]:
    """Bars of medians, with the spread of the rounds."""
    return [
        Bar(
            name,
            [Part(peers[name]["kind"], median(values))],
            form.format(median(values)),
            (min(values), max(values)),
        )
        for name, values in measured.items()
    ]


def chart(title: str, bars: list[Bar], legend: tuple[str, ...] = ()) -> str:
    """A card with horizontal bars."""
    longest = max(bar.spread[1] if bar.spread else sum(part.length for part in bar.parts) for bar in bars)
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    height = _TOP + _ROW * (len(bars) + bool(legend)) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        f'<text class="title" x="16" y="30">{escape(title)}</text>',
    ]
    for number, bar in enumerate(bars):
        lines += _drawn(bar, _TOP + _ROW * number, scale)
    x = _LEFT
    for name in legend:
        y = _TOP + _ROW * len(bars)
        lines.append(f'<rect class="{name.split()[0]}" x="{x}" y="{y + 4}" width="12" height="12"/>')
        lines.append(f'<text x="{x + 18}" y="{y + 15}">{escape(name)}</text>')
        x += 30 + 7 * len(name)
    return "\n".join([*lines, "</svg>", ""])


def _drawn(bar: Bar, y: int, scale: float) -> list[str]:
    lines = [f'<text x="{_LEFT - 10}" y="{y + 15}" text-anchor="end">{escape(bar.label)}</text>']
    x = float(_LEFT)
    for part in bar.parts:
        width = part.length * scale
        lines.append(
            f'<rect class="{part.kind}" x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 8}"/>'
        )
        x += width
    if bar.spread:
        low, high = (_LEFT + value * scale for value in bar.spread)
        lines.append(f'<path class="whisker" d="M{low:.1f} {y + 11} H{high:.1f}"/>')
        x = max(x, high)
    lines.append(f'<text x="{x + 8:.1f}" y="{y + 15}">{escape(bar.text)}</text>')
    return lines
