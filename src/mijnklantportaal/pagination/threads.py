"""Read-ahead for the sync client."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from contextvars import copy_context
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
        self._under_way: dict[int, tuple[Future[T], threading.Thread]] = {}
        self._process = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if os.getpid() != self._process:
            return  # after a fork the threads are in the other process, and so is what they read from
        self._wanted.abandon()
        if kind is KeyboardInterrupt:
            return  # whoever presses Ctrl-C does not wait for an answer, either
        for _future, thread in self._under_way.values():
            if thread is not threading.current_thread():  # which may be collecting this listing as garbage
                thread.join()

    def start(self, page: int) -> None:
        """Begins to fetch a page."""
        future: Future[T] = Future()
        thread = threading.Thread(
            target=copy_context().run,
            args=(self._run, page, future),
            name=f"mijnklantportaal-page-{page}",
            daemon=True,
        )
        thread.start()
        self._under_way[page] = future, thread

    def result(self, page: int) -> T:
        """Waits for a page, and raises what fetching it raised.

        Raises:
            ClosedError: The process has forked meanwhile, and the threads are in the other one.
        """
        if os.getpid() != self._process:
            self._under_way.clear()
            raise ClosedError(FORKED)
        future, thread = self._under_way[page]
        future.exception()  # waits, and raises nothing yet: the thread is to be joined first
        thread.join()
        del self._under_way[page]
        return future.result()

    def _run(self, page: int, future: Future[T]) -> None:
        try:
            future.set_result(self._fetch(page, self._wanted))
        except BaseException as error:  # it is raised again where the page is wanted
            future.set_exception(error)
