"""When to send a request again, and how long to wait before: the settings of httpx-retries."""

from __future__ import annotations

from copy import copy
from typing import Literal, Self

import httpx
from httpx_retries import Retry

from ..quota import retry_after
from .answers import status_error
from .clock import Clock, Wait

ATTEMPTS = 5
STATUSES = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})


class PatientRetry(Retry):
    """Sends idempotent requests again that got no answer in time, or one that says to try again.

    The waits double from half a second to a second, with jitter; a `Retry-After` takes their place.

    Args:
        clock: Waits.
        max_wait: Seconds: a longer `Retry-After` is an error at once.
    """

    def __init__(self, clock: Clock, max_wait: float) -> None:
        super().__init__(
            total=ATTEMPTS - 1, status_forcelist=STATUSES, backoff_factor=0.5, backoff_jitter=0.5
        )
        self._clock = clock
        self._max_wait = max_wait

    def increment(self) -> Self:
        """The state for the next attempt."""
        following = copy(self)
        following.attempts_made += 1
        return following

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Waits before the next attempt."""
        self._clock.sleep(self._pause(response))

    async def asleep(self, response: httpx.Response | Exception) -> None:
        """Waits before the next attempt."""
        await self._clock.asleep(self._pause(response))

    def _pause(self, response: httpx.Response | Exception) -> float:
        if isinstance(response, httpx.Response):
            reason = f"the API answered {response.status_code}"
            said = retry_after(response.headers, self._clock.time())
            if said is not None and said > self._max_wait:
                raise status_error(response)
        else:
            reason, said = f"no answer ({type(response).__name__})", None
        seconds = said or self.backoff_strategy()
        kind: Literal["maintenance", "retry"] = "maintenance" if said else "retry"
        reason = f"{reason}, attempt {self.attempts_made} of {ATTEMPTS}"
        self._clock.announce(Wait(reason, seconds, kind, self.attempts_made))
        return seconds
