"""The tables of format 1."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _evidence()
    _judgements()
    _history()


def _evidence() -> None:
    op.create_table(
        "manifest",
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("table_name", sa.String, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger),
        sa.Column("last", sa.BigInteger),
        sa.Column("input_digest", sa.String, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
    )
    op.create_index("manifest_by_table", "manifest", ["table_name", "day"])
    op.create_table(
        "inputs",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("reader", sa.String, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger),
        sa.Column("last", sa.BigInteger),
        sa.Column("oddities", sa.String, nullable=False),
        sa.Column("incomplete", sa.Boolean, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
    )


def _judgements() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("time", sa.BigInteger),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("nature", sa.String, nullable=False),
        sa.Column("detector", sa.String, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("first_seen_run", sa.Integer, nullable=False),
        sa.Column("last_seen_run", sa.Integer, nullable=False),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("start", sa.BigInteger),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("first_seen_run", sa.Integer, nullable=False),
        sa.Column("last_seen_run", sa.Integer, nullable=False),
    )
    op.create_table(
        "evidence_raw",
        sa.Column("finding", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("event_uid", sa.String, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("whole_bytes", sa.BigInteger, nullable=False),
    )


def _history() -> None:
    op.create_table(
        "runs",
        sa.Column("run", sa.Integer, primary_key=True),
        sa.Column("command", sa.String, nullable=False),
        sa.Column("release", sa.String, nullable=False),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("stats", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("previous", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
    )
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER journal_no_{event.lower()} BEFORE {event} ON journal"
            " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
