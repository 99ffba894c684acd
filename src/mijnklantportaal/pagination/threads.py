"""Read-ahead for the sync client."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from ..errors import FORKED, ClosedError
from ..exchange import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Threads(Generic[T]):
    """Pages being fetched by threads, none of which outlives the `with` block (but for Ctrl-C).

    They are daemons of our own, not an executor's: its threads are waited for at the interpreter's exit,
    before a generator left open is closed, so that after Ctrl-C it would wait for the rate limit's window.

    Args:
        fetch: Gets one page; `Wanted` tells it whether the page still is.
    """

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
        if os.getpid() != self._process:
            return  # after a fork the threads are in the other process, and so is what they read from
        self._wanted.abandon()
        for _thread in self._threads:
            self._jobs.put(None)
        if kind is KeyboardInterrupt:
            return  # whoever presses Ctrl-C does not wait for an answer, either
        for thread in self._threads:
            if thread is not threading.current_thread():  # which may be collecting this listing as garbage
                thread.join()

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

    def _fetch_into(self, page: int, future: Future[T]) -> None:
        try:
            future.set_result(self._fetch(page, self._wanted))
        except BaseException as error:  # it is raised again where the page is wanted
            future.set_exception(error)
