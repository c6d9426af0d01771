"""One file per product: how it writes a record, and how it cuts its files."""
