"""The clients that are compared: their scripts, their environments, and what users of each import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parent / "peers"
BASE = "raw generated call"
"""The peer that ratios are taken to."""


@dataclass(frozen=True)
class Environment:
    """A separate environment, so that packages of different peers cannot interfere.

    Attributes:
        name: Its folder.
        distribution: What is installed and measured: a name, pinned in requirements.txt.
        source: How the distribution is built, if it comes from no package index: "ours" from this tree, "raw"
            from `generated/` alone, or one of OpenAPI Generator's libraries.
        beside: What else is installed.
    """

    name: str
    distribution: str
    source: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Peer:
    """One way to list all customers.

    Attributes:
        name: Its name in the tables.
        script: Its file in `peers/`.
        environment: Where it runs.
        imports: The import statement of its users.
        kind: "ours"; "variant", "certain" or "kept" (ours in a setting that not every scenario needs);
            "client"; or "floor": not a client, but the least work that any client needs.
    """

    name: str
    script: str
    environment: Environment
    imports: str
    kind: str = "client"

    @property
    def path(self) -> Path:
        """Its script."""
        return SCRIPTS / self.script


_OURS = Environment("ours", "mijnklantportaal", source="ours")
_FLOOR = Environment("floor", "msgspec", beside="orjson")


def _openapi_generator(library: str, script: str) -> Peer:
    environment = Environment(f"openapi-generator-{library}", "openapi_client", source=library)
    return Peer(f"OpenAPI Generator, {library}", script, environment, "import openapi_client")


ROSTER = [
    Peer("mijnklantportaal", "ours.py", _OURS, "from mijnklantportaal import MijnKlantportaal", "ours"),
    Peer(
        "mijnklantportaal, async",
        "ours_async.py",
        _OURS,
        "from mijnklantportaal import AsyncMijnKlantportaal",
        "ours",
    ),
    Peer(
        "mijnklantportaal, concurrency=1",
        "ours_one_at_a_time.py",
        _OURS,
        "from mijnklantportaal import MijnKlantportaal",
        "variant",
    ),
    Peer(
        "mijnklantportaal, certain=True",
        "ours_certain.py",
        _OURS,
        "from mijnklantportaal import MijnKlantportaal",
        "certain",
    ),
    Peer(
        "mijnklantportaal, one portal",
        "ours_kept.py",
        _OURS,
        "from mijnklantportaal import MijnKlantportaal",
        "kept",
    ),
    Peer(
        BASE,
        "raw_generated.py",
        Environment("raw", "mijnklantportaal_api", source="raw"),
        "from mijnklantportaal_api import AuthenticatedClient\n"
        "from mijnklantportaal_api.api.customers_api import list_customers",
    ),
    _openapi_generator("urllib3", "openapi_generator.py"),
    _openapi_generator("asyncio", "openapi_generator_async.py"),
    _openapi_generator("httpx", "openapi_generator_async.py"),
    Peer("Stainless style", "stainless_style.py", Environment("stainless", "openai"), "import openai"),
    Peer(
        "aiopenapi3",
        "aiopenapi3.py",
        Environment("aiopenapi3", "aiopenapi3"),
        "import aiopenapi3",
    ),
    Peer("requests", "requests.py", Environment("requests", "requests"), "import requests"),
    Peer("httpx", "httpx.py", Environment("httpx", "httpx"), "import httpx"),
    Peer("aiohttp", "aiohttp.py", Environment("aiohttp", "aiohttp"), "import aiohttp"),
    Peer("floor: http.client, orjson", "floor_http_client.py", _FLOOR, "import http.client, orjson", "floor"),
    Peer("floor: socket, msgspec", "floor_socket.py", _FLOOR, "import socket, msgspec", "floor"),
    Peer("floor: 8 sockets, msgspec", "floor_eight.py", _FLOOR, "import asyncio, msgspec", "floor"),
]
