"""Workspaces: the only state. Events are immutable Parquet, everything else is one SQLite file.

    workspace.toml      format version, id, which release made it
    org.toml            what the organisation is
    allow.toml          what is tolerated
    rules/              the operator's own rules
    events/TABLE/DAY/   Parquet files; those in the manifest count, others are swept
    cases.sqlite        manifest, inputs, findings, incidents, raw evidence, runs, journal

Modules that need SQLAlchemy are imported where they are used, because it is slow to load.
"""

from __future__ import annotations
