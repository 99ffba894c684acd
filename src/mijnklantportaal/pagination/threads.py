"""Fetching pages with threads, for the sync client."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

from ..errors import FORKED, ClosedError
from ..exchange import Cancellation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST_SECONDS = 1.0
"""The longest wait in one go, because Python handles a Ctrl-C that comes just before a wait only after it."""


class Threads:
    """Fetches pages with threads, which end as soon as possible after the `with` block.

    Nothing waits for them: they are daemon threads, unlike those of an executor, which are joined at exit.

    Args:
        fetch: Fetches one page, unless cancelled.
        most: How many pages are fetched at the same time.

    Attributes:
        cancellation: Ends the waits of requests.
    """

    def __init__(self, fetch: Callable[[int, Cancellation], None], most: int) -> None:
        self._fetch = fetch
        self._most = most
        self.cancellation = Cancellation()
        self._jobs: deque[tuple[Context, int, Future[None]]] = deque()
        self._work_to_do: SimpleQueue[bool] = SimpleQueue()  # True for each job, False at the end
        self._fetching: dict[int, Future[None]] = {}
        self._started = 0
        self._process = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Takes no lock, because the garbage collector can call this at any point in any thread.
        self.cancellation.cancel()
        self._work_to_do.put(False)

    @property
    def idle(self) -> bool:
        """Whether no page is being fetched."""
        return not self._fetching

    def start(self, pages: Sequence[int]) -> None:
        """Starts fetching pages that are not being fetched yet; the first of them before all others.

        Args:
            pages: Their numbers.

        Raises:
            ClosedError: The process has forked since; the threads are in the parent process.
        """
        if os.getpid() != self._process:
            raise ClosedError(FORKED)
        for page in pages:
            if page in self._fetching:
                continue
            self._fetching[page] = future = Future[None]()
            job = (copy_context(), page, future)
            if page == pages[0]:
                self._jobs.appendleft(job)
            else:
                self._jobs.append(job)
            self._work_to_do.put(True)
        while self._started < min(self._most, len(self._fetching)):
            threading.Thread(target=self._work, name="mijnklantportaal-pages", daemon=True).start()
            self._started += 1

    def wait(self, page: int) -> None:
        """Waits for a page that is being fetched, and raises what fetching it raised."""
        future = self._fetching.pop(page, None)
        if future is not None:
            while not future.done():
                with suppress(TimeoutError):
                    future.exception(_MOST_SECONDS)
            future.result()

    def _work(self) -> None:
        while self._work_to_do.get():
            context, page, future = self._jobs.popleft()
            context.run(self._fetch_into, page, future)
        self._work_to_do.put(False)  # for the next thread

    def _fetch_into(self, page: int, future: Future[None]) -> None:
        try:
            self._fetch(page, self.cancellation)
            future.set_result(None)
        except BaseException as error:  # raised again by `wait`
            future.set_exception(error)
