"""mijnklantportaal, with one portal for all listings of a process."""

from collections.abc import Iterator
from functools import cache

from mijnklantportaal import MijnKlantportaal, MijnKlantportaalError

ERRORS = (MijnKlantportaalError,)


@cache
def portal(base_url: str, api_key: str) -> MijnKlantportaal:
    return MijnKlantportaal(api_key=api_key, base_url=base_url)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    for customer in portal(base_url, api_key).list_customers():
        yield customer.id
