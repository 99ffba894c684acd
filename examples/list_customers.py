"""Lists the customers of your portal, or, without an API key, of the embedded sandbox.

MIJNKLANTPORTAAL_API_KEY=… python examples/list_customers.py
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack

from mijnklantportaal import Customer, MijnKlantportaal, MijnKlantportaalError

SHOWN = 10


def row(customer: Customer) -> str:
    """One line of the table. A field that the API left out is falsy, so `or` gives it a text."""
    since = f"{customer.created_at:%Y-%m-%d}" if customer.created_at else "-"
    return f"{customer.id:<20} {customer.company_name or '-':<34.34} {customer.city or '-':<18.18} {since}"


def main() -> None:
    """Prints the first customers and counts them all."""
    with ExitStack() as stack:
        if os.environ.get("MIJNKLANTPORTAAL_API_KEY"):
            portal = stack.enter_context(MijnKlantportaal())
            print(f"Your portal: {portal}")
        else:
            from mijnklantportaal.sandbox import Sandbox

            sandbox = stack.enter_context(Sandbox(customers=100))
            portal = stack.enter_context(MijnKlantportaal(api_key=sandbox.api_key, base_url=sandbox.base_url))
            print("No MIJNKLANTPORTAAL_API_KEY is set: these are the invented customers of the sandbox.")
        began = time.perf_counter()
        customers = pages = 0
        print(f"{'id':<20} {'company':<34} {'city':<18} since")
        for page in portal.list_customers().pages():
            pages += 1
            for customer in page.data:
                customers += 1
                if customers <= SHOWN:
                    print(row(customer))
        if customers > SHOWN:
            print(f"… and {customers - SHOWN} more")
        print(f"{customers} customers, {pages} pages, {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    try:
        main()
    except MijnKlantportaalError as error:
        sys.exit(f"error: {error}")
