"""A small program: prints the e-mail addresses of the customers in a country.

    python examples/own_tests/my_app.py NL

test_my_app.py tests it, including how it handles errors.
"""

from __future__ import annotations

import sys

from mijnklantportaal import (
    AuthenticationError,
    MijnKlantportaal,
    MijnKlantportaalError,
    PermissionDeniedError,
    RateLimitError,
)


def addresses(country: str, *, max_wait: float = 300) -> list[str]:
    """The addresses in alphabetical order; customers without an address are left out."""
    with MijnKlantportaal(max_wait=max_wait) as portal:
        return sorted(
            customer.primary_email
            for customer in portal.list_customers()
            if customer.country_code == country and customer.primary_email
        )


def explain(error: MijnKlantportaalError) -> str:
    """The message for the colleague who ran the program."""
    match error:
        case AuthenticationError() | PermissionDeniedError():
            return "Ask Sanne for a new key: this one may not list customers."
        case RateLimitError():
            return "Another program is using the key. Try again in a minute."
        case _:
            return str(error)


def main(country: str, *, max_wait: float = 300) -> int:
    """Print the addresses; return 1 on failure."""
    try:
        print(*addresses(country, max_wait=max_wait), sep="\n")
    except MijnKlantportaalError as error:
        print(explain(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
