"""Read-ahead for the sync client."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import Future
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from ..errors import FORKED, ClosedError
from ..exchange import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds to wait at most for threads that have nothing to wait for any more, where to wait can go wrong."""


class Threads(Generic[T]):
    """Pages being fetched by threads, none of which outlives the `with` block.

    But for Ctrl-C, and for one that cannot end within `PATIENCE` seconds after a `break`.

    They are daemons of our own, not an executor's: its threads are waited for at the interpreter's exit,
    before a generator left open is closed, so that after Ctrl-C it would wait for the rate limit's window.

    Args:
        fetch: Gets one page; `Wanted` tells it whether the page still is.
    """

    _is_finalizing = staticmethod(sys.is_finalizing)  # kept here: by then, modules are empty

    def __init__(self, fetch: Callable[[int, Wanted], T]) -> None:
        self._fetch = fetch
        self._wanted = Wanted()
        self._jobs: SimpleQueue[tuple[Context, int, Future[T]] | None] = SimpleQueue()
        self._under_way: dict[int, Future[T]] = {}
        self._threads: list[threading.Thread] = []
        self._process = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._is_finalizing() or os.getpid() != self._process:
            return  # the threads have ended with the interpreter; after a fork they are in the other process
        self._wanted.abandon()
        self._jobs.put(None)
        if kind is KeyboardInterrupt:
            return  # whoever presses Ctrl-C does not wait for an answer, either
        # A listing left open is collected within any line: perhaps one that holds what a thread needs.
        deadline = time.monotonic() + PATIENCE if kind is GeneratorExit else None
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))

    def start(self, page: int) -> None:
        """Begins to fetch a page.

        Raises:
            ClosedError: The process has forked meanwhile, and the threads are in the other one.
        """
        self._check_process()
        self._under_way[page] = future = Future[T]()
        self._jobs.put((copy_context(), page, future))
        if len(self._threads) < len(self._under_way):
            thread = threading.Thread(target=self._work, name="mijnklantportaal-pages", daemon=True)
            thread.start()
            self._threads.append(thread)

    def result(self, page: int) -> T:
        """Waits for a page, and raises what fetching it raised.

        Raises:
            ClosedError: The process has forked meanwhile, and the threads are in the other one.
        """
        self._check_process()
        try:
            return self._under_way[page].result()
        finally:
            del self._under_way[page]

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            raise ClosedError(FORKED)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            context, page, future = job
            context.run(self._fetch_into, page, future)
        self._jobs.put(None)  # for the next one

    def _fetch_into(self, page: int, future: Future[T]) -> None:
        try:
            future.set_result(self._fetch(page, self._wanted))
        except BaseException as error:  # it is raised again where the page is wanted
            future.set_exception(error)
