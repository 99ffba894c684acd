"""Several portals at once, each with its own key and rate limit; a failure of one does not affect the others.

    python examples/fan_out.py portals.toml

portals.toml (chmod 600, as it contains keys) has a table for each portal, with the arguments of
`AsyncMijnKlantportaal`:

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
    """One portal's customers, or the error as a value: an exception would cancel the whole group."""
    try:
        async with AsyncMijnKlantportaal(**settings) as portal:
            return [customer async for customer in portal.list_customers()]
    except MijnKlantportaalError as error:
        return error


async def fan_out(portals: dict[str, dict[str, Any]]) -> dict[str, Outcome]:
    """The outcome of each portal, by name."""
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(customers_of(settings)) for name, settings in portals.items()}
    return {name: task.result() for name, task in tasks.items()}


def main(file: Path) -> int:
    """Print the outcome of each portal, without keys; return 1 if one failed."""
    outcomes = asyncio.run(fan_out(tomllib.loads(file.read_text(encoding="utf-8"))))
    for name, outcome in outcomes.items():
        shown = str(outcome) if isinstance(outcome, MijnKlantportaalError) else f"{len(outcome)} customers"
        print(f"{name}: {shown}")
    return int(any(isinstance(outcome, MijnKlantportaalError) for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
