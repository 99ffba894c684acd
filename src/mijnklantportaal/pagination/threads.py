"""Read-ahead for the sync client."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from ..errors import FORKED, ClosedError
from ..exchange import Cancellation

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Threads(Generic[T]):
    """Pages being fetched by threads, which end with the `with` block as soon as they can.

    Nobody waits for them: they are daemons of our own, not an executor's, whose threads are waited for at the
    interpreter's exit.

    Args:
        fetch: Gets one page; `Cancellation` ends its waits.
    """

    def __init__(self, fetch: Callable[[int, Cancellation], T]) -> None:
        self._fetch = fetch
        self._cancellation = Cancellation()
        self._jobs: SimpleQueue[tuple[Context, int, Future[T]] | None] = SimpleQueue()
        self._under_way: dict[int, Future[T]] = {}
        self._started = 0
        self._process = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Takes no lock: a listing left open is collected, and so ends, within any line of any thread.
        self._cancellation.cancel()
        self._jobs.put(None)

    def start(self, page: int) -> None:
        """Begins to fetch a page.

        Raises:
            ClosedError: The process has forked meanwhile, and the threads are in the other one.
        """
        self._check_process()
        self._under_way[page] = future = Future[T]()
        self._jobs.put((copy_context(), page, future))
        if self._started < len(self._under_way):
            threading.Thread(target=self._work, name="mijnklantportaal-pages", daemon=True).start()
            self._started += 1

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
            future.set_result(self._fetch(page, self._cancellation))
        except BaseException as error:  # it is raised again where the page is wanted
            future.set_exception(error)
