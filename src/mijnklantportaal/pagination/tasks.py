"""Pages under way for the async client."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence


class Tasks:
    """Pages being fetched by tasks, none of which outlives the `async with` block.

    Args:
        fetch: Fetches one page.
    """

    def __init__(self, fetch: Callable[[int], Awaitable[None]]) -> None:
        self._fetch = fetch
        self._jobs: deque[tuple[int, asyncio.Future[Exception | None]]] = deque()
        self._under_way: dict[int, asyncio.Future[Exception | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._working = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, pages: Sequence[int], most: int) -> None:
        """Begins to fetch pages, the first of them before all others, unless they are under way already.

        Args:
            pages: Their numbers.
            most: How many may be fetched at once.
        """
        for page in pages:
            if page in self._under_way:
                continue
            self._under_way[page] = future = asyncio.get_running_loop().create_future()
            if page == pages[0]:
                self._jobs.appendleft((page, future))
            else:
                self._jobs.append((page, future))
        for _ in range(min(most - self._working, len(self._jobs))):
            self._working += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def wait(self, page: int) -> None:
        """Waits for a page, if it is under way, and raises what fetching it raised."""
        future = self._under_way.pop(page, None)
        # Shielded: a caller that is cancelled here leaves the outcome to be set.
        if future is not None and (error := await asyncio.shield(future)) is not None:
            raise error

    async def _work(self) -> None:
        while self._jobs:
            page, future = self._jobs.popleft()
            error = None
            try:
                await self._fetch(page)
            except Exception as caught:
                error = caught
            future.set_result(error)
        self._working -= 1
