"""The driver of the policy for sync calls."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from queue import SimpleQueue

import httpx

from ..errors import FORKED, ClosedError
from .connection import Connection, Deadline
from .policy import Outcome, Policy, Send, Sleep
from .settings import Settings
from .wire import transport_options


class SyncTransport(httpx.BaseTransport):
    """Sends requests as the policy decides, each in the thread of its caller.

    Args:
        settings: How to send them.
        given: The caller's transport, if any: all threads use it.
    """

    def __init__(self, settings: Settings, given: httpx.BaseTransport | None) -> None:
        self.policy = Policy(settings)
        self._clock = settings.clock
        self._options = {} if given else transport_options(settings.base_url)
        self._given = given
        self._deadline = Deadline()
        weakref.finalize(self, self._deadline.close)  # for a portal that nobody closes
        self._settings = settings
        self._idle: list[Connection] = []
        self._sending: set[Connection] = set()
        self._process = os.getpid()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request, retries it if necessary, and returns its successful response."""
        if os.getpid() != self._process:
            raise ClosedError(FORKED)
        woken: SimpleQueue[None] = SimpleQueue()
        steps = self.policy.steps(request, lambda: woken.put(None))
        outcome: Outcome | None = None
        try:
            while True:
                match steps.send(outcome):
                    case Send() as send:
                        outcome = self._send(request)
                        self.policy.settle(send, outcome)
                    case Sleep(until):
                        self._clock.sleep(until, woken)
        except StopIteration as stop:
            response: httpx.Response = stop.value
            return response
        finally:
            steps.close()

    def close(self) -> None:
        """Closes idle connections; httpx calls this when any client that shares this transport is closed."""
        while self._idle:
            with suppress(IndexError):  # another thread has just taken it
                self._idle.pop().transport.close()

    def shut(self) -> None:
        """Rejects requests that have not been sent: the portal is closed."""
        if self.policy.closed:
            return
        self.policy.close()
        self._deadline.close()
        self.close()
        if self._given and not self._sending:  # otherwise, the last request closes it
            self._given.close()

    def _send(self, request: httpx.Request) -> Outcome:
        connection = self._connection()
        self._sending.add(connection)
        self._deadline.start(connection, self._settings.deadline_of(request))
        try:
            outcome = connection.send(request, self._settings.max_body_size)
        finally:
            self._deadline.stop(connection)
            self._sending.discard(connection)
        if self._given is None:
            if connection.interrupted:
                connection.transport.close()
            else:
                self._idle.append(connection)
        if self.policy.closed:
            self.close()
            if self._given and not self._sending:
                with suppress(Exception):  # the response is good
                    self._given.close()
        return outcome

    def _connection(self) -> Connection:
        with suppress(IndexError):
            return self._idle.pop()
        return Connection(self._given or httpx.HTTPTransport(**self._options))
