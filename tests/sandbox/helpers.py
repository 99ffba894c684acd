"""Shared by the sandbox's tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Unpack

import httpx

from mijnklantportaal.sandbox import Options, Sandbox


class Clock:
    """A clock that a test sets."""

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
        response = client.get("/customers", params={"page": page}).raise_for_status().json()
        ids += [customer["id"] for customer in response["data"]]
        if response["next_page_url"] is None:
            return ids
        page += 1


def readable(document: dict[str, Any]) -> list[str]:
    """List the paths of a document that can be read."""
    return [path for path, item in document["paths"].items() if "get" in item]


def ids_in(path: str, sandbox: Sandbox, client: httpx.Client) -> dict[str, str]:
    """Find an id for each of a path's parameters: in the list before it, or in what it belongs to."""
    ids: dict[str, str] = {}
    for name in re.findall(r"\{([^}]*)\}", path):
        before = path.partition(f"/{{{name}}}")[0].format(**ids)
        owner, _, last = before.rpartition("/")
        if (listed := client.get(before)).status_code == 200:
            ids[name] = listed.json()["data"][0]["id"]
        elif (shown := client.get(owner)).status_code == 200:
            ids[name] = shown.json()[last][0]["id"]
        else:
            ids[name] = sandbox.ids(last)[0]
    return ids
