"""List several portals concurrently, each with its own key and rate limit; if one fails, the others continue.

    python examples/fan_out.py portals.toml

portals.toml has a table for each portal, with the arguments of `AsyncMijnKlantportaal`. It contains keys, so
make it readable only by you (chmod 600):

    [bakkerij]
    api_key = "…"

    [fietsen]
    api_key = "…"
    max_wait = 600
"""

from __future__ import annotations

import asyncio
import sys
import tomllib
from pathlib import Path
from typing import Any

from mijnklantportaal import AsyncMijnKlantportaal, Customer, MijnKlantportaalError

Outcome = list[Customer] | MijnKlantportaalError


async def customers_of(settings: dict[str, Any]) -> Outcome:
    """The customers of one portal, or its error, which would cancel the other tasks if it were raised."""
    try:
        async with AsyncMijnKlantportaal(**settings) as portal:
            return [customer async for customer in portal.list_customers()]
    except MijnKlantportaalError as error:
        return error


async def fan_out(portals: dict[str, dict[str, Any]]) -> dict[str, Outcome]:
    """The outcome for each portal, by name."""
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(customers_of(settings)) for name, settings in portals.items()}
    return {name: task.result() for name, task in tasks.items()}


def main(file: Path) -> int:
    """Print the outcome for each portal, without keys; return 1 if any failed."""
    outcomes = asyncio.run(fan_out(tomllib.loads(file.read_text(encoding="utf-8"))))
    for name, outcome in outcomes.items():
        shown = str(outcome) if isinstance(outcome, MijnKlantportaalError) else f"{len(outcome)} customers"
        print(f"{name}: {shown}")
    return int(any(isinstance(outcome, MijnKlantportaalError) for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
