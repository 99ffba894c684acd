"""Load every customer with dlt: into DuckDB or, with one argument, into Postgres, BigQuery or Snowflake.

    pip install "dlt[duckdb]"
    python examples/dlt_source.py             # into mijnklantportaal.duckdb, in this folder
    python examples/dlt_source.py postgres    # pip install "dlt[postgres]"; set its address and login with
                                              # DESTINATION__POSTGRES__CREDENTIALS=postgresql://…

A load is atomic: all customers or none. Running it again updates customers by id, and deletes none; use
write_disposition="replace" to mirror the portal. The groups are in the table customers__customer_groups.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")  # by default, dlt reports each run
os.environ.setdefault("LOAD__DELETE_COMPLETED_JOBS", "true")  # and keeps copies of the data in ~/.dlt

import dlt
from dlt.pipeline.exceptions import PipelineStepFailed

from mijnklantportaal import MijnKlantportaal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlt.common.schema.typing import TColumnSchema
    from dlt.extract import DltResource

ADDRESS = ("address", "zipCode", "city", "countryCode")
TEXT = ("companyName", *ADDRESS, "primaryEmail", "phone", "integration", "integrationId")
# Declared, so that each column exists even without values. dlt adds columns for new fields of the API.
COLUMNS: dict[str, TColumnSchema] = {
    "id": {"data_type": "text", "nullable": False},
    **{name: {"data_type": "text", "nullable": True} for name in TEXT},
    "createdAt": {"data_type": "timestamp", "nullable": True},
}


@dlt.resource(primary_key="id", write_disposition="merge", columns=COLUMNS)
def customers() -> Iterator[list[dict[str, Any]]]:
    """The customers, page by page. The key is read from the environment, not from dlt's configuration."""
    with MijnKlantportaal() as portal:
        for page in portal.list_customers().pages():
            yield [customer.to_dict() for customer in page.data]


@dlt.source
def mijnklantportaal() -> DltResource:
    """The resources of a portal."""
    return customers


if __name__ == "__main__":
    os.umask(0o077)  # customer data: make the file readable only by you
    destination = sys.argv[1] if sys.argv[1:] else "duckdb"
    pipeline = dlt.pipeline("mijnklantportaal", destination=destination, dataset_name="portal")
    try:
        print(pipeline.run(mijnklantportaal()))
    except PipelineStepFailed as error:
        sys.exit(str(error))
