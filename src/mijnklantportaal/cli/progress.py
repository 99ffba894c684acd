"""How far a listing is: counts, and a line on standard error."""

import time
from collections.abc import Callable, Generator
from typing import TypeVar

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from mijnklantportaal import Wait

T = TypeVar("T")


class Progress:
    """Counts pages and items, and shows the counts, or how long the client waits and why.

    Args:
        noun: What one item is called.
        live: Whether to draw a line that is updated.
        clock: Returns seconds.
    """

    def __init__(self, noun: str, *, live: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.page = self.pages = self.items = self.matching = 0
        self._noun = noun
        self._live = live
        self._clock = clock
        self._began = self._wait_end = clock()
        self._wait_reason = ""

    def count(self, page: int, *, matching: bool) -> None:
        """Counts one item of this page."""
        self.pages += page != self.page
        self.page = page
        self.items += 1
        self.matching += matching

    def wait(self, wait: Wait) -> None:
        """Notes that a wait begins; called in the thread that waits."""
        self._wait_reason, self._wait_end = wait.reason, self._clock() + wait.seconds

    def summary(self, total: int) -> str:
        """Returns the counts at the end, with the number of items in the output."""
        seconds = self._clock() - self._began
        return f"{many(total, self._noun)}, {many(self.pages, 'page')}, {seconds:.2f} s"

    def line(self) -> str:
        """Returns the line as it is now."""
        now = self._clock()
        seconds = now - self._began
        line = f"page {self.page}: " if self.page else ""
        line += f"{many(self.items, self._noun)}, {seconds:.0f} s"
        if self.matching != self.items:
            line += f", {self.matching} matching"
        if (left := self._wait_end - now) > 0:
            return f"{line} - waiting {left:.0f} s: {self._wait_reason}"
        return f"{line}, {self.items / seconds:.0f} a second" if seconds >= 1 and self.items else line

    def shown(self, rows: Generator[T]) -> Generator[T]:
        """Yields the rows, with the line drawn until the last."""
        if not self._live:
            yield from rows
            return
        with Live(
            console=Console(stderr=True, highlight=False),
            get_renderable=lambda: Text(self.line(), no_wrap=True, overflow="ellipsis"),
            transient=True,
            redirect_stdout=False,  # rows are written there
            redirect_stderr=False,
        ):
            yield from rows


def print_wait(wait: Wait) -> None:
    """Prints that a wait begins, where no line is drawn."""
    click.echo(f"Waiting {wait.seconds:.0f} s: {wait.reason}.", err=True)


def many(number: int, noun: str) -> str:
    """Returns the number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
