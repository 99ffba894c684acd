"""Every customer into a SQLite database; resumes if interrupted, and updates when run again.

    python examples/to_sqlite.py customers.db

Each page's customers and the anchor of that page are stored in one transaction, so they always agree. When it
is run again after an interruption, the listing finds its place by the anchor, even if customers were added or
deleted meanwhile. It deletes nobody: customers who are no longer listed keep an older `listed_at` than the
others.
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
    record TEXT NOT NULL,  -- everything that the API returned, as JSON; the other columns are read from it:
    company_name TEXT AS (json_extract(record, '$.companyName')),
    city TEXT AS (json_extract(record, '$.city')),
    primary_email TEXT AS (json_extract(record, '$.primaryEmail')),
    created_at TEXT AS (datetime(json_extract(record, '$.createdAt')))  -- in UTC
);
CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), anchor TEXT);
INSERT OR IGNORE INTO mark VALUES (1, NULL);
"""
UPSERT = """
INSERT INTO customers (id, listed_at, record) VALUES (?, datetime(), ?)
ON CONFLICT (id) DO UPDATE SET listed_at = excluded.listed_at, record = excluded.record
"""


def refresh(database: sqlite3.Connection) -> None:
    """List the customers page by page from the stored anchor on, which is cleared at the end."""
    database.executescript(SCHEMA)
    (anchor,) = database.execute("SELECT anchor FROM mark").fetchone()
    with MijnKlantportaal() as portal:
        listing = portal.list_customers(start_page=anchor or 1)
        for page in listing.pages():
            with database:  # one transaction
                rows = [(each.id, json.dumps(each.to_dict())) for each in page.data]
                database.executemany(UPSERT, rows)
                database.execute("UPDATE mark SET anchor = ?", (listing.anchor,))
    with database:
        database.execute("UPDATE mark SET anchor = NULL")


if __name__ == "__main__":
    os.umask(0o077)  # customer data: make the file readable only by you
    with closing(sqlite3.connect(sys.argv[1])) as connection:
        try:
            refresh(connection)
            (count,) = connection.execute("SELECT count(*) FROM customers").fetchone()
            print(f"{count} customers in {sys.argv[1]}")
        except (MijnKlantportaalError, KeyboardInterrupt) as error:
            sys.exit(f"{str(error) or 'Interrupted.'} Run this again to resume.")
