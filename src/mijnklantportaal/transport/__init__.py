"""Sending requests with httpx: API key, connections, rate limit, retries and typed errors.

`policy` decides what to do next with a request; two drivers do it, through httpx's own transports, so that
tools for httpx see each attempt.
"""

from .asynchronous import AsyncTransport
from .clock import Clock, Wait
from .settings import Settings
from .sync import SyncTransport
from .wire import ENCODING

__all__ = ["ENCODING", "AsyncTransport", "Clock", "Settings", "SyncTransport", "Wait"]
