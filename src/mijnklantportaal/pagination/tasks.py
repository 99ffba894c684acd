"""Fetching pages with tasks, for the async client."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence


class Tasks:
    """Fetches pages with tasks, which end with the `async with` block.

    Args:
        fetch: Fetches one page.
        most: How many pages are fetched at the same time.
    """

    def __init__(self, fetch: Callable[[int], Awaitable[None]], most: int) -> None:
        self._fetch = fetch
        self._most = most
        self._jobs: deque[tuple[int, asyncio.Future[BaseException | None]]] = deque()
        self._fetching: dict[int, asyncio.Future[BaseException | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._working = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, pages: Sequence[int]) -> None:
        """Starts fetching pages that are not being fetched yet; the first of them before all others.

        Args:
            pages: Their numbers.
        """
        for page in pages:
            if page in self._fetching:
                continue
            self._fetching[page] = future = asyncio.get_running_loop().create_future()
            if page == pages[0]:
                self._jobs.appendleft((page, future))
            else:
                self._jobs.append((page, future))
        for _ in range(min(self._most - self._working, len(self._jobs))):
            self._working += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def wait(self, page: int) -> None:
        """Waits for a page that is being fetched, and raises what fetching it raised."""
        future = self._fetching.pop(page, None)
        # Shielded, so that the outcome can be set even if the caller is cancelled.
        if future is not None and (error := await asyncio.shield(future)) is not None:
            raise error

    async def _work(self) -> None:
        try:
            while self._jobs:
                page, future = self._jobs.popleft()
                try:
                    await self._fetch(page)
                    future.set_result(None)
                except BaseException as error:
                    future.set_result(error)
                    if isinstance(error, asyncio.CancelledError):
                        raise
        finally:
            self._working -= 1
