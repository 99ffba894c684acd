"""Write every customer to a CSV file, with your own columns.

    python examples/export_csv.py customers.csv

An existing file is replaced, but only once the new one is complete. If you do not need your own columns, use
`mijnklantportaal customers --output customers.csv` instead.
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

# Missing values are UNSET or None, both falsy; `cell` leaves them empty.
COLUMNS: dict[str, Callable[[Customer], object]] = {
    "id": lambda customer: customer.id,
    "name": lambda customer: customer.company_name,
    "place": lambda customer: f"{customer.zip_code or ''} {customer.city or ''}".strip(),
    "phone": lambda customer: customer.phone,
    "since": lambda customer: customer.created_at and customer.created_at.date(),
    "groups": lambda customer: " ".join(customer.customer_groups or []),
}

# What a spreadsheet treats as a formula: = + - @ (also full-width, also after blanks), but not phone numbers.
FORMULA = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"[+-][0-9 ]+")


def cell(value: object) -> str:
    """The value as text, with an apostrophe in front if a spreadsheet would treat it as a formula."""
    text = str(value or "")
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def export(target: Path) -> None:
    """Write all customers to a temporary file beside the target, then rename it."""
    with MijnKlantportaal() as portal, TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        part = Path(folder, "customers.csv")
        # For Excel in Dutch: encoding="utf-8-sig", and csv.writer(stream, delimiter=";").
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for customer in portal.list_customers():
                writer.writerow([cell(column(customer)) for column in COLUMNS.values()])
        part.replace(target)


if __name__ == "__main__":
    os.umask(0o077)  # customer data: make the file readable only by you
    try:
        export(Path(sys.argv[1]))
        print(f"All customers are in {sys.argv[1]}")
    except MijnKlantportaalError as error:
        sys.exit(str(error))
