"""Invented customers, made on demand: each depends only on the seed and its number.

None of them is real. E-mail addresses end in `.example` (reserved by RFC 2606); telephone numbers have a 0
after the area code, which no real number has. The same seed leads to the same customers as long as the
version of Faker, which supplies Dutch names and places, stays the same.
"""

import random
from collections.abc import Callable
from functools import cache
from typing import TypedDict

from mijnklantportaal.sandbox.invent import created_at, make_id

_COMPANIES = (
    "{last} B.V.",
    "{last} & Zonen",
    "{last} en {other} V.O.F.",
    "{last} v/h {other}",
    "Stichting {last}",
    "Installatiebedrijf {last}",
    "Administratiekantoor {last} B.V.",
    "Café {first}",
    "Bakkerij 't {last}je",
    "Coöperatie {last} U.A.",
    "{first}'s Fietsen",
    "Brasserie Zoë {last}",
)
_INTEGRATIONS = ("exact", "acumulus", "moneybird", "twinfield", None)
_GROUPS = 8
_ABROAD = {
    "BE": ("+32 3", ("Antwerpen", "Gent", "Liège", "Mechelen")),
    "DE": ("+49 211", ("Düsseldorf", "Münster", "Kleve", "Köln")),
}
_AREAS = ("+31 10", "+31 20", "+31 30", "+31 40", "+31 50", "+31 70")


class CustomerRow(TypedDict):
    """A customer as the API returns it, with the fields in the API's order."""

    id: str
    companyName: str
    address: str
    zipCode: str
    city: str
    countryCode: str
    primaryEmail: str
    phone: str | None
    integration: str | None
    integrationId: str | None
    customerGroups: list[str]
    createdAt: str


@cache
def words() -> tuple[list[str], ...]:
    """Draws the first names, last names, cities and streets of all customers; slow, so once per process."""
    from faker import Faker  # noqa: PLC0415 - a slow import

    fake = Faker("nl_NL")
    fake.seed_instance(0)
    return (
        [fake.first_name() for _ in range(200)],
        [fake.last_name() for _ in range(400)],
        ["'s-Hertogenbosch", "Súdwest-Fryslân", *(fake.city() for _ in range(200))],
        [fake.street_name() for _ in range(300)],
    )


def customer(seed: int, number: int, some_id: Callable[[str, int], str]) -> CustomerRow:
    """Invents customer `number` (1, 2, …) of the portal with this seed; later ones are created later.

    `some_id` returns the id of a row with this prefix, such as "cug" for a customer group.
    """
    from faker.utils.text import slugify  # noqa: PLC0415 - a slow import

    draw = random.Random(f"{seed}:{number}")  # noqa: S311 - not for cryptography
    pick = draw.choice
    firsts, lasts, cities, streets = words()
    last = pick(lasts)
    country = draw.choices(("NL", "BE", "DE"), (90, 6, 4))[0]
    if country == "NL":
        area, city = pick(_AREAS), pick(cities)
        zip_code = f"{draw.randrange(1000, 10_000)} {pick('ABCDEGHJKL')}{pick('ABCDEGHJKL')}"
    else:
        area, city = _ABROAD[country][0], pick(_ABROAD[country][1])
        zip_code = f"{draw.randrange(1000, 10_000)}{'' if country == 'BE' else draw.randrange(10)}"
    company = pick(_COMPANIES).format(first=pick(firsts), last=last, other=pick(lasts))
    integration = pick(_INTEGRATIONS)
    return {
        "id": make_id("cst", seed, number),
        "companyName": company,
        "address": f"{pick(streets)} {draw.randrange(1, 400)}",
        "zipCode": zip_code,
        "city": city,
        "countryCode": country,
        "primaryEmail": f"info+{number}@{slugify(last)}.example",
        "phone": f"{area} 0{draw.randrange(10**6):06}" if draw.random() < 0.8 else None,
        "integration": integration,
        "integrationId": f"ext-{number}" if integration else None,
        "customerGroups": [
            some_id("cug", group)
            for group in sorted(draw.sample(range(_GROUPS), draw.choices((0, 1, 2), (3, 5, 2))[0]))
        ],
        "createdAt": created_at(number).isoformat(),
    }
