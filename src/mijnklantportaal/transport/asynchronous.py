"""The driver of the policy for asyncio."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing, suppress
from functools import partial
from typing import cast

import httpx

from ..errors import FORKED, OTHER_LOOP, ClosedError
from .policy import Outcome, Policy, Send, Sleep
from .responses import DeadlineTimeout
from .settings import Settings
from .wire import Body, transport_options


class AsyncTransport(httpx.AsyncBaseTransport):
    """Sends requests as the policy decides.

    Each attempt runs in its own task, which finishes in the background if the caller is cancelled.

    Args:
        settings: How to send them.
        given: The caller's transport, if any.
    """

    def __init__(self, settings: Settings, given: httpx.AsyncBaseTransport | None) -> None:
        self.policy = Policy(settings)
        self._clock = settings.clock
        self._options = {} if given else transport_options(settings.base_url)
        self._idle: list[httpx.AsyncBaseTransport] = []
        self._given = given
        self._settings = settings
        # The attempts in flight, and whether their callers are still waiting.
        self._sending: dict[asyncio.Task[Outcome], bool] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = os.getpid()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request, retries it if necessary, and returns its successful response."""
        loop = self._checked_loop()
        woken = asyncio.Event()
        steps = self.policy.steps(request, partial(loop.call_soon_threadsafe, woken.set))
        outcome: Outcome | None = None
        try:
            while True:
                match steps.send(outcome):
                    case Send() as send:
                        outcome = await self._send(send, request)
                    case Sleep(until):
                        await self._clock.asleep(until, woken)
        except StopIteration as stop:
            response: httpx.Response = stop.value
            return response
        finally:
            steps.close()

    async def aclose(self) -> None:
        """Does nothing: httpx calls this when any client that shares this transport is closed."""

    async def shut(self) -> None:
        """Rejects requests that have not been sent, and closes the connections: the portal is closed."""
        if self.policy.closed:
            return
        self.policy.close()
        if self._loop not in {None, asyncio.get_running_loop()}:
            return  # the connections have ended with their event loop
        unwanted = [task for task, wanted in self._sending.items() if not wanted]
        for task in unwanted:
            task.cancel()
        if self._given and not self._sending:  # otherwise, the last one closes it
            await self._given.aclose()
        await asyncio.gather(*unwanted, return_exceptions=True)
        while self._idle:
            await self._idle.pop().aclose()

    async def _send(self, send: Send, request: httpx.Request) -> Outcome:
        task = asyncio.create_task(self._exchange(send, request))
        self._sending[task] = True
        task.add_done_callback(lambda task: self._sending.pop(task, None))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if self.policy.closed:
                task.cancel()
            elif task in self._sending:
                self._sending[task] = False
            raise

    async def _exchange(self, send: Send, request: httpx.Request) -> Outcome:
        send.settled = True
        transport = self._given or self._connection()
        try:
            async with asyncio.timeout(self._settings.deadline_of(request)):
                response = await transport.handle_async_request(request)
                async with aclosing(cast("httpx.AsyncByteStream", response.stream)):
                    body = Body(response, request, self._settings.max_body_size)
                    async for chunk in body.stream:
                        body.add(chunk)
                outcome: Outcome = body.complete()
        except TimeoutError:
            outcome = DeadlineTimeout("the attempt took too long", request=request)
        except Exception as error:
            outcome = error
        except BaseException:
            self.policy.lose(send.ticket)
            raise
        finally:
            self._sending.pop(cast("asyncio.Task[Outcome]", asyncio.current_task()), None)
            if self.policy.closed:
                if not (self._given and self._sending):  # others use the caller's transport
                    with suppress(Exception):  # the response is good
                        await transport.aclose()
            elif not self._given:
                self._idle.append(transport)
        self.policy.settle(send, outcome)
        return outcome

    def _connection(self) -> httpx.AsyncBaseTransport:
        return self._idle.pop() if self._idle else httpx.AsyncHTTPTransport(**self._options)

    def _checked_loop(self) -> asyncio.AbstractEventLoop:
        if os.getpid() != self._process:
            raise ClosedError(FORKED)
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise ClosedError(OTHER_LOOP)
        return loop
