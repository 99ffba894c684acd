"""Copy every customer to a SQLite database; an interrupted run is resumed, and a new run updates the copy.

    python examples/to_sqlite.py customers.db

The customers of each page are stored together with the anchor of that page, in one transaction. After an
interruption, the next run resumes from the stored anchor, even if customers were added or deleted in the
meantime. No rows are deleted: customers that are no longer listed have an older `listed_at` than the others.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing

from mijnklantportaal import MijnKlantportaal, MijnKlantportaalError

SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY,
    listed_at TEXT NOT NULL,
    record TEXT NOT NULL,  -- everything that the API returned, as JSON; the columns below are derived from it
    company_name TEXT AS (json_extract(record, '$.companyName')),
    city TEXT AS (json_extract(record, '$.city')),
    primary_email TEXT AS (json_extract(record, '$.primaryEmail')),
    created_at TEXT AS (datetime(json_extract(record, '$.createdAt')))  -- in UTC
);
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), anchor TEXT);
INSERT OR IGNORE INTO progress VALUES (1, NULL);
"""
UPSERT = """
INSERT INTO customers (id, listed_at, record) VALUES (?, datetime(), ?)
ON CONFLICT (id) DO UPDATE SET listed_at = excluded.listed_at, record = excluded.record
"""


def refresh(database: sqlite3.Connection) -> None:
    """List the customers from the stored anchor, page by page, and clear the anchor at the end."""
    database.executescript(SCHEMA)
    (anchor,) = database.execute("SELECT anchor FROM progress").fetchone()
    with MijnKlantportaal() as portal:
        listing = portal.list_customers(start_page=anchor or 1)
        for page in listing.pages():
            with database:  # one transaction
                rows = [(each.id, json.dumps(each.to_dict())) for each in page.data]
                database.executemany(UPSERT, rows)
                database.execute("UPDATE progress SET anchor = ?", (listing.anchor,))
    with database:
        database.execute("UPDATE progress SET anchor = NULL")


if __name__ == "__main__":
    os.umask(0o077)  # customer data: make the file readable only by you
    with closing(sqlite3.connect(sys.argv[1])) as connection:
        try:
            refresh(connection)
            (count,) = connection.execute("SELECT count(*) FROM customers").fetchone()
            print(f"{count} customers in {sys.argv[1]}")
        except (MijnKlantportaalError, KeyboardInterrupt) as error:
            sys.exit(f"{str(error) or 'Interrupted.'} Run this again to resume.")
