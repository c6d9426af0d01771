"""The tables of the case file, for queries. Migrations make them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

manifest = Table(
    "manifest",
    metadata,
    Column("path", String, primary_key=True),
    Column("table_name", String, nullable=False),
    Column("day", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("first", BigInteger),
    Column("last", BigInteger),
    Column("input_digest", String, nullable=False),
    Column("run", Integer, nullable=False),
    Index("manifest_by_table", "table_name", "day"),
)
"""Which Parquet files count. `input_digest` is empty for a file of several inputs."""

inputs = Table(
    "inputs",
    metadata,
    Column("digest", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("reader", String, nullable=False),
    Column("events", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("first", BigInteger),
    Column("last", BigInteger),
    Column("oddities", String, nullable=False),
    Column("incomplete", Boolean, nullable=False),
    Column("run", Integer, nullable=False),
)
"""Evidence registered by content; `oddities` is a JSON object of counts by kind."""

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True),
    Column("time", BigInteger),
    Column("severity", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("nature", String, nullable=False),
    Column("detector", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("first_seen_run", Integer, nullable=False),
    Column("last_seen_run", Integer, nullable=False),
)
"""One row a finding, revised in place; `document` is the finding as JSON."""

incidents = Table(
    "incidents",
    metadata,
    Column("id", String, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("start", BigInteger),
    Column("document", LargeBinary, nullable=False),
    Column("first_seen_run", Integer, nullable=False),
    Column("last_seen_run", Integer, nullable=False),
)

evidence_raw = Table(
    "evidence_raw",
    metadata,
    Column("finding", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("source", String, nullable=False),
    Column("event_uid", String, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("whole_bytes", BigInteger, nullable=False),
)
"""The raw record behind a pointer, cut to a few KiB; `whole_bytes` is its length before the cut."""

runs = Table(
    "runs",
    metadata,
    Column("run", Integer, primary_key=True),
    Column("command", String, nullable=False),
    Column("release", String, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("status", String, nullable=False),
    Column("stats", LargeBinary, nullable=False),
)
"""One row a command that wrote; `status` is `running`, then `done`, `interrupted` or `failed`."""

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)
"""Append-only (triggers refuse change and deletion); each row's digest covers the one before."""
