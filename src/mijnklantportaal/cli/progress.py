"""How far a listing is: counted by `Tally`, shown on standard error by `Progress`."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.text import Text

    from mijnklantportaal import Wait

T = TypeVar("T")


class Tally:
    """Counts pages and items; does no I/O.

    Attributes:
        page: The page of the latest item.
        pages: How many pages had items.
        items: How many items there were.
        matching: How many of them were wanted.
        kept: How many wanted ones an earlier run left.
        anchor: Where the listing can resume.
        before: How many wanted items there were before that.
        noun: What one item is called.
    """

    def __init__(self, start: int | str, noun: str = "customer") -> None:
        self.page = int(str(start).partition(".")[0])
        self.anchor = start
        self.noun = noun
        self.pages = self.items = self.matching = self.before = self.kept = 0

    @property
    def total(self) -> int:
        """How many wanted items there are, those that an earlier run left included."""
        return self.kept + self.matching

    def count(self, page: int, *, wanted: bool) -> None:
        """Count one item of this page."""
        self.pages += page != self.page or not self.pages
        self.page = page
        self.items += 1
        self.matching += wanted

    def settle(self, anchor: int | str | None) -> bool:
        """Take note of where the listing can resume, and tell whether that has moved."""
        if anchor is None or anchor == self.anchor:
            return False
        self.anchor, self.before = anchor, self.matching
        return True


class Progress:
    """The line that says how far it is; while the client waits, how long still, and why.

    Args:
        tally: What has been counted.
        live: Whether to draw the line, again and again.
        remarks: Whether to say, in a line of its own, that a wait begins; for where nothing is drawn.
        clock: Gives seconds.
    """

    def __init__(
        self, tally: Tally, *, live: bool, remarks: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tally = tally
        self._live = live
        self._remarks = remarks
        self._clock = clock
        self._began = clock()
        self._reason = ""
        self._until = self._began

    def wait(self, wait: Wait) -> None:
        """Take note of a wait that begins; called in the thread that waits."""
        self._reason, self._until = wait.reason, self._clock() + wait.seconds
        if self._remarks:
            click.echo(f"Waiting {wait.seconds:.0f} s: {wait.reason}.", err=True)

    def elapsed(self) -> float:
        """The seconds since the beginning."""
        return self._clock() - self._began

    def line(self) -> str:
        """The line as it is now."""
        tally, seconds = self._tally, self.elapsed()
        line = f"page {tally.page}: {many(tally.items, tally.noun)}, {seconds:.0f} s"
        if tally.matching != tally.items:
            line += f", {tally.matching} matching"
        if (left := self._until - self._clock()) > 0:
            return f"{line} - waiting {left:.0f} s: {self._reason}"
        return f"{line}, {tally.items / seconds:.0f} a second" if seconds >= 1 and tally.items else line

    def __rich__(self) -> Text:
        """The line, whenever rich draws it."""
        from rich.text import Text

        return Text(self.line(), no_wrap=True, overflow="ellipsis")

    def shown(self, rows: Generator[T]) -> Generator[T]:
        """The rows, with the line drawn from before the first until after the last."""
        with closing(rows):
            if not self._live:
                yield from rows
                return
            from rich.console import Console
            from rich.live import Live

            # Rows go to standard output by themselves; rich must not take them to its own console.
            with Live(
                self,
                console=Console(stderr=True, highlight=False),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            ):
                yield from rows


def many(number: int, noun: str) -> str:
    """The number with its noun, as English has it."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
