"""Every customer into a SQLite database; resumes if interrupted, and updates when run again.

    python examples/to_sqlite.py customers.db

Each page's customers and the number of the next page are stored in one transaction, so they always agree.
If customers are deleted while it runs or is interrupted, others can move to a page already read, and are then
missed until the next full run: so run it once more after resuming. It deletes nobody: customers who are no
longer listed keep an older `listed_at` than the others.
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
CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), next_page INTEGER NOT NULL);
INSERT OR IGNORE INTO mark VALUES (1, 1);
"""
UPSERT = """
INSERT INTO customers (id, listed_at, record) VALUES (?, datetime(), ?)
ON CONFLICT (id) DO UPDATE SET listed_at = excluded.listed_at, record = excluded.record
"""


def refresh(database: sqlite3.Connection) -> None:
    """List the customers page by page from the stored page on, which becomes 1 again at the end."""
    database.executescript(SCHEMA)
    (start_page,) = database.execute("SELECT next_page FROM mark").fetchone()
    # One page at a time: then a customer who is added meanwhile cannot hide another.
    with MijnKlantportaal(concurrency=1) as portal:
        for page in portal.list_customers(start_page=start_page).pages():
            next_page = page.current_page + 1 if page.next_page_url else 1
            with database:  # one transaction
                rows = [(each.id, json.dumps(each.to_dict())) for each in page.data]
                database.executemany(UPSERT, rows)
                database.execute("UPDATE mark SET next_page = ?", (next_page,))


if __name__ == "__main__":
    os.umask(0o077)  # customer data: make the file readable only by you
    with closing(sqlite3.connect(sys.argv[1])) as connection:
        try:
            refresh(connection)
            (count,) = connection.execute("SELECT count(*) FROM customers").fetchone()
            print(f"{count} customers in {sys.argv[1]}")
        except (MijnKlantportaalError, KeyboardInterrupt) as error:
            sys.exit(f"{str(error) or 'Interrupted.'} Run this again to resume.")
