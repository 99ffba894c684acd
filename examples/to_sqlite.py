"""Every customer into a SQLite database; stopped halfway, it goes on where it was; run again, it refreshes.

    python examples/to_sqlite.py customers.db

The page to go on at is kept in the database, and each page is one transaction with it: whenever this stops,
rows and mark belong together. What it cannot know: customers who are deleted while it runs, or between a stop
and going on, pull others back over the mark, unseen until the next whole run. So run it once more after a
stop. It deletes nobody: who is no longer listed keeps an older `listed_at` than the others.
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
    record TEXT NOT NULL,  -- all that the API gave, as JSON; what follows is read from it:
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
    """List the customers from the mark on, page by page, and set the mark back once all are there."""
    database.executescript(SCHEMA)
    (start_page,) = database.execute("SELECT next_page FROM mark").fetchone()
    # One page after another: a customer who is added meanwhile can then hide nobody.
    with MijnKlantportaal(concurrency=1) as portal:
        for page in portal.list_customers(start_page=start_page).pages():
            next_page = page.current_page + 1 if page.next_page_url else 1
            with database:  # one transaction
                rows = [(each.id, json.dumps(each.to_dict())) for each in page.data]
                database.executemany(UPSERT, rows)
                database.execute("UPDATE mark SET next_page = ?", (next_page,))


if __name__ == "__main__":
    os.umask(0o077)  # customers are nobody else's business: only you can read the file
    with closing(sqlite3.connect(sys.argv[1])) as connection:
        try:
            refresh(connection)
            (count,) = connection.execute("SELECT count(*) FROM customers").fetchone()
            print(f"{count} customers in {sys.argv[1]}")
        except (MijnKlantportaalError, KeyboardInterrupt) as error:
            sys.exit(f"{str(error) or 'Interrupted.'} Run this again to go on.")
