"""The driver of the policy for sync calls."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

import httpx

from ..errors import FORKED, SHUT, ClosedError
from .answers import DeadlineTimeout
from .policy import Outcome, Policy, Send, Settings, Sleep
from .wire import KEEP_ALIVE, Body, transport_options

if TYPE_CHECKING:
    from collections.abc import Callable

    Job: TypeAlias = tuple[Context, Callable[[httpx.BaseTransport], Outcome], Callable[[Outcome], None]]


LAST_LOOK = 1.0
"""Seconds that an idle thread still waits for a job, from someone who took it just before it gave up."""


class SyncTransport(httpx.BaseTransport):
    """Sends requests as the policy says.

    Each is sent by a thread, so that the caller can stop waiting for it at a `break`, Ctrl-C or the deadline,
    and the answer still be taken note of. A thread that has been idle for a while ends.

    Args:
        settings: The portal's.
        given: The caller's transport, for all threads; `None` if each is to have one of httpx.
    """

    def __init__(self, settings: Settings, given: httpx.BaseTransport | None) -> None:
        self.policy = Policy(settings)
        self._clock = settings.clock
        self._options = {} if given else transport_options(settings.base_url, connections=1)
        self._given = given
        self._deadline = min(settings.deadline, threading.TIMEOUT_MAX)
        self._max_body_size = settings.max_body_size
        self._idle: list[_Sender] = []
        self._process = os.getpid()
        self._shut = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request, again if need be, and gives its good answer."""
        if os.getpid() != self._process:
            raise ClosedError(FORKED)
        if self._shut:
            raise ClosedError(SHUT)
        woken: SimpleQueue[None] = SimpleQueue()
        steps = self.policy.steps(request, lambda: woken.put(None))
        outcome: Outcome | None = None
        try:
            while True:
                match steps.send(outcome):
                    case Send() as send:
                        outcome = self._send(send, request)
                    case Sleep(until):
                        self._clock.sleep(until, woken)
                    case _:  # AwaitTurn
                        woken.get()
        except StopIteration as stop:
            response: httpx.Response = stop.value
            return response
        finally:
            steps.close()

    def close(self) -> None:
        """Drops idle connections; httpx calls this when a client that shares this transport is closed."""
        while self._idle:
            with suppress(IndexError):  # a thread ended by itself
                self._idle.pop().jobs.put(None)

    def shut(self) -> None:
        """Refuses every later request: the portal is closed for good."""
        self._shut = True
        self.close()
        if self._given is not None:
            self._given.close()

    def _send(self, send: Send, request: httpx.Request) -> Outcome:
        answers: SimpleQueue[Outcome] = SimpleQueue()

        def exchange(transport: httpx.BaseTransport) -> Outcome:
            send.begun = True
            try:
                return Body(transport.handle_request(request), request, self._max_body_size).read()
            except BaseException as error:
                return error

        def deliver(outcome: Outcome) -> None:
            self.policy.settle(send.ticket, outcome)
            answers.put(outcome)

        sender = self._sender()
        sender.jobs.put((copy_context(), exchange, deliver))
        try:
            return answers.get(timeout=self._deadline)
        except Empty:
            sender.give_up()
            outcome = DeadlineTimeout("the attempt took too long", request=request)
            self.policy.settle(send.ticket, outcome)
            return outcome

    def _sender(self) -> _Sender:
        with suppress(IndexError):
            return self._idle.pop()
        return _Sender(
            self._given or httpx.HTTPTransport(**self._options),
            owned=self._given is None,
            idle=self._idle,
            shut=lambda: self._shut,
        )


class _Sender:
    """A thread that sends requests, one after another, on a connection of its own."""

    def __init__(
        self, transport: httpx.BaseTransport, *, owned: bool, idle: list[_Sender], shut: Callable[[], bool]
    ) -> None:
        self.jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._transport = transport
        self._owned = owned
        self._idle = idle
        self._shut = shut
        self._given_up = False
        threading.Thread(target=self._run, name="mijnklantportaal-sender", daemon=True).start()

    def give_up(self) -> None:
        """Nobody waits for the answer any more, and none may ever come: closes the connection."""
        self._given_up = True
        self._close()

    def _run(self) -> None:
        while (job := self._next_job()) is not None:
            context, exchange, deliver = job
            outcome = context.run(exchange, self._transport)
            ends = self._given_up or self._shut()
            if not ends:
                self._idle.append(self)  # now, so that whoever waits for this answer finds it
            deliver(outcome)
            del job, context, exchange, deliver, outcome  # or they would live until the next one
            if ends:
                break
        self._close()

    def _next_job(self) -> Job | None:
        try:
            return self.jobs.get(timeout=KEEP_ALIVE)
        except Empty:
            pass
        with suppress(ValueError):  # somebody has taken it just now
            self._idle.remove(self)
        try:
            return self.jobs.get(timeout=LAST_LOOK)
        except Empty:
            return None

    def _close(self) -> None:
        if self._owned:
            self._transport.close()
