"""Draws results.json as SVG, reproducibly; readable on a phone, and in light and dark mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.roster import BASE
from benchmarks.scenarios.faults import VERDICTS

_WIDTH, _MARGIN, _VALUE, _TOP, _ROW = 440, 16, 108, 66, 40
_LEGEND_COLUMNS = 3
# The card has its own background, so that it is readable on any page.
_STYLE = """
.card { fill: #ffffff; stroke: #d0d7de } text { fill: #1f2328; font: 13px system-ui, sans-serif }
.title { font-weight: 600; font-size: 15px } .whisker { stroke: #1f2328 }
.ours, .variant { fill: #0a7d5a } .client { fill: #6e8fb5 } .floor { fill: #b9c0c8 }
.complete { fill: #0a7d5a } .typed { fill: #8cc5ae } .other { fill: #e0b04c } .silent { fill: #c8453b }
.hang { fill: #a667b8 }
@media (prefers-color-scheme: dark) {
.card { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 } .whisker { stroke: #e6edf3 }
.floor { fill: #59626d } }
"""


@dataclass(frozen=True)
class Part:
    """A segment of a bar."""

    kind: str
    length: float


@dataclass(frozen=True)
class Bar:
    """One row: the segments of its bar, the minimum and maximum of its value, and its text."""

    label: str
    parts: list[Part]
    text: str
    spread: tuple[float, float] | None = None

    @property
    def length(self) -> float:
        """The length of the bar, including its range."""
        return self.spread[1] if self.spread else sum(part.length for part in self.parts)


@dataclass(frozen=True)
class Chart:
    """A chart of horizontal bars, each below its label."""

    title: str
    subtitle: str
    bars: list[Bar]
    legend: tuple[str, ...] = ()

    @property
    def alt(self) -> str:
        """The alternative text, with all figures."""
        return f"{self.title}. {self.subtitle} {'; '.join(f'{bar.label}: {bar.text}' for bar in self.bars)}."

    def svg(self) -> str:
        """Returns the chart as SVG."""
        scale = (_WIDTH - _MARGIN - _VALUE) / max(bar.length for bar in self.bars)
        below = _TOP + _ROW * len(self.bars)
        height = below + 24 * -(-len(self.legend) // _LEGEND_COLUMNS) + 12
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
            f"<title>{escape(self.title)}. {escape(self.subtitle)}</title><style>{_STYLE}</style>",
            f'<rect class="card" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
            f'<text class="title" x="{_MARGIN}" y="28">{escape(self.title)}</text>',
            f'<text x="{_MARGIN}" y="48">{escape(self.subtitle)}</text>',
        ]
        for number, bar in enumerate(self.bars):
            lines += _drawn(bar, _TOP + _ROW * number, scale)
        for number, name in enumerate(self.legend):
            row, column = divmod(number, _LEGEND_COLUMNS)
            x, y = _MARGIN + 140 * column, below + 4 + 24 * row
            lines.append(f'<rect class="{name.split()[0]}" x="{x}" y="{y}" width="12" height="12"/>')
            lines.append(f'<text x="{x + 18}" y="{y + 11}">{escape(name)}</text>')
        return "\n".join([*lines, "</svg>", ""])


def every(results: dict[str, Any]) -> dict[str, Chart]:
    """Returns all charts, by scenario."""
    scenarios, peers = results["scenarios"], results["peers"]
    made: dict[str, Callable[[], Chart]] = {
        "cpu": lambda: _cpu(scenarios["cpu"], peers),
        "latency": lambda: _latency(scenarios["latency"], peers),
        "faults": lambda: _faults(scenarios["faults"]),
        "start": lambda: _start(scenarios["start"], peers),
    }
    return {name: make() for name, make in made.items() if name in scenarios}


def _cpu(scenario: dict[str, Any], peers: dict[str, Any]) -> Chart:
    base = scenario["peers"][BASE]["cpu_after_first"]
    measured = {
        name: [one / other for one, other in zip(found["cpu_after_first"], base, strict=True)]
        for name, found in scenario["peers"].items()
        if "failed" not in found
    }
    title = f"CPU per page, {scenario['pages']} pages at no latency"
    return Chart(title, "Relative to the generated call; lower is better.", _bars(measured, peers, "{:.2f}"))


def _latency(scenario: dict[str, Any], peers: dict[str, Any]) -> Chart:
    measured = {name: found["wall"] for name, found in scenario["peers"].items() if "failed" not in found}
    title = f"Time for {scenario['pages']} pages at {scenario['latency'] * 1000:.0f} ms"
    return Chart(title, "Seconds; lower is better.", _bars(measured, peers, "{:.2f} s"))


def _start(scenario: dict[str, Any], peers: dict[str, Any]) -> Chart:
    measured = {name: [each * 1000 for each in found["first"]] for name, found in scenario["peers"].items()}
    title = "From a fresh process to the first customer"
    return Chart(title, "Milliseconds; lower is better.", _bars(measured, peers, "{:.0f} ms"))


def _faults(scenario: dict[str, Any]) -> Chart:
    bars: list[Bar] = []
    for name, verdicts in scenario["peers"].items():
        counts = [(each, verdicts.count(each[0])) for each in VERDICTS]
        bars.append(
            Bar(name, [Part(each.split()[0], count) for each, count in counts], f"{counts[0][1]} complete")
        )
    title = f"{scenario['schedules']} listings from a faulty server"
    return Chart(title, "Number of listings by outcome.", bars, legend=VERDICTS)


def _bars(measured: dict[str, list[float]], peers: dict[str, Any], form: str) -> list[Bar]:
    """Returns bars of medians, with the range of the rounds."""
    return [
        Bar(
            name,
            [Part(peers[name]["kind"], median(values))],
            form.format(median(values)),
            (min(values), max(values)),
        )
        for name, values in measured.items()
    ]


def _drawn(bar: Bar, y: int, scale: float) -> list[str]:
    lines = [f'<text x="{_MARGIN}" y="{y + 12}">{escape(bar.label)}</text>']
    x = float(_MARGIN)
    for part in bar.parts:
        width = part.length * scale
        lines.append(f'<rect class="{part.kind}" x="{x:.1f}" y="{y + 18}" width="{width:.1f}" height="14"/>')
        x += width
    if bar.spread:
        low, high = (_MARGIN + value * scale for value in bar.spread)
        lines.append(f'<path class="whisker" d="M{low:.1f} {y + 25} H{high:.1f}"/>')
        x = max(x, high)
    lines.append(f'<text x="{x + 8:.1f}" y="{y + 29}">{escape(bar.text)}</text>')
    return lines
