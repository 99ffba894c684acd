"""Load every customer into a polars (or pandas) data frame, and count them by city.

    pip install polars
    python examples/to_frame.py

With pandas, `frame` is one line as well; missing values are NaN, or NaT for dates:

    pandas.DataFrame(rows(portal), columns=[*SCHEMA]).astype({"createdAt": "datetime64[us, UTC]"})
"""

from __future__ import annotations

import sys
from typing import Any

import polars

from mijnklantportaal import MijnKlantportaal, MijnKlantportaalError

# Declared, not inferred from the first rows: missing values become null, and new fields are ignored.
SCHEMA: dict[str, polars.DataType] = {
    "id": polars.String(),
    "companyName": polars.String(),
    "address": polars.String(),
    "zipCode": polars.String(),
    "city": polars.String(),
    "countryCode": polars.String(),
    "primaryEmail": polars.String(),
    "phone": polars.String(),
    "integration": polars.String(),
    "integrationId": polars.String(),
    "customerGroups": polars.List(polars.String),
    "createdAt": polars.Datetime("us", "Europe/Amsterdam"),
}


def rows(portal: MijnKlantportaal) -> list[dict[str, Any]]:
    """The customers, with the API's field names and dates as datetimes; missing values are absent or None."""
    return [each.to_dict() | {"createdAt": each.created_at or None} for each in portal.list_customers()]


def frame(portal: MijnKlantportaal) -> polars.DataFrame:
    """One row for each customer."""
    return polars.DataFrame(rows(portal), schema=SCHEMA)


def per_city(customers: polars.DataFrame) -> polars.DataFrame:
    """The number of customers per city, and when the first was created; largest cities first."""
    numbers = [polars.len().alias("customers"), polars.col("createdAt").min().dt.date().alias("since")]
    return customers.group_by("city").agg(numbers).sort("customers", "city", descending=[True, False])


if __name__ == "__main__":
    try:
        with MijnKlantportaal() as opened:
            print(per_city(frame(opened)))
    except MijnKlantportaalError as error:
        sys.exit(str(error))
