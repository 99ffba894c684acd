"""What the sandbox's tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Unpack

import httpx

from mijnklantportaal.sandbox import Options, Sandbox


class Clock:
    """A clock that only a test turns."""

    def __init__(self, now: float = 1_795_357_380.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def client_of(sandbox: Sandbox, **options: Any) -> httpx.Client:
    """Make a plain HTTP client that has the key."""
    headers = {"Authorization": f"Bearer {sandbox.api_key}", "Accept": "application/json"}
    return httpx.Client(base_url=sandbox.base_url, headers=headers, timeout=30, trust_env=False, **options)


@contextmanager
def served(**options: Unpack[Options]) -> Iterator[tuple[Sandbox, httpx.Client]]:
    """Run a sandbox and a client for it."""
    with Sandbox(**options) as sandbox, client_of(sandbox) as client:
        yield sandbox, client


def list_ids(client: httpx.Client) -> list[str]:
    """List the customers as a naive client does: page by page, until there is no next one."""
    ids: list[str] = []
    page = 1
    while True:
        answer = client.get("/customers", params={"page": page}).raise_for_status().json()
        ids += [customer["id"] for customer in answer["data"]]
        if answer["next_page_url"] is None:
            return ids
        page += 1
