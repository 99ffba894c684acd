"""Every customer into a CSV file, with columns of your own.

    python examples/export_csv.py customers.csv

The file is written whole or not at all, and replaces an older one. Without columns of your own you need no
Python: `mijnklantportaal customers --output customers.csv` does the rest of this.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from mijnklantportaal import Customer, MijnKlantportaal, MijnKlantportaalError

# What is not there is UNSET or None, both falsy: `cell` leaves it empty.
COLUMNS: dict[str, Callable[[Customer], object]] = {
    "id": lambda customer: customer.id,
    "name": lambda customer: customer.company_name,
    "place": lambda customer: f"{customer.zip_code or ''} {customer.city or ''}".strip(),
    "phone": lambda customer: customer.phone,
    "since": lambda customer: customer.created_at and customer.created_at.date(),
    "groups": lambda customer: " ".join(customer.customer_groups or []),
}

# What a spreadsheet would run: = + - @ (wide ones too), also after blanks. A telephone number is no formula.
FORMULA = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"[+-][0-9 ]+")


def cell(value: object) -> str:
    """The value as text, with an apostrophe in front if a spreadsheet would take it for a formula."""
    text = str(value or "")
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def export(target: Path) -> None:
    """Write all customers next to the target, then give the complete file its name."""
    with MijnKlantportaal() as portal, TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        part = Path(folder, "customers.csv")
        # For a Dutch Excel: encoding="utf-8-sig", and csv.writer(stream, delimiter=";").
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for customer in portal.list_customers():
                writer.writerow([cell(column(customer)) for column in COLUMNS.values()])
        part.replace(target)


if __name__ == "__main__":
    os.umask(0o077)  # customers are nobody else's business: only you can read the file
    try:
        export(Path(sys.argv[1]))
        print(f"All customers are in {sys.argv[1]}")
    except MijnKlantportaalError as error:
        sys.exit(str(error))
