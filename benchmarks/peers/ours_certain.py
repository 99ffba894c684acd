"""mijnklantportaal, with `certain=True`."""

from collections.abc import Iterator

from mijnklantportaal import MijnKlantportaal, MijnKlantportaalError

ERRORS = (MijnKlantportaalError,)


def customers(base_url: str, api_key: str) -> Iterator[str]:
    with MijnKlantportaal(api_key=api_key, base_url=base_url) as portal:
        for customer in portal.list_customers(certain=True):
            yield customer.id
