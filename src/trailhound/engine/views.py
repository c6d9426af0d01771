"""SQL that puts names on the evidence: one view a table of `tables.toml`, and three of convenience.

events      the common columns of all tables, with `table_name`
entities    one row per event and entity: type, role, value
utc(time)   a macro: microseconds as a time stamp one can read
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.tables import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from trailhound.model.tables import TableSpec

SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "timestamp": "BIGINT", "bool": "BOOLEAN"}
CONVENIENCE = ("events", "entities")
MACROS = "CREATE MACRO utc(microseconds) AS make_timestamp(microseconds)"

_ENTITY_COLUMNS = ("time", "metadata_uid", "metadata_source", "metadata_offset")


def name(text: str) -> str:
    """Quote an identifier."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a string."""
    return "'" + text.replace("'", "''") + "'"


def table_view(spec: TableSpec, source: str, present: Collection[str]) -> str:
    """Define the view of a table over `source`; columns that the evidence lacks are null."""
    columns = []
    for column in spec.columns.values():
        value = name(column.name) if column.name in present else "NULL"
        columns.append(f"CAST({value} AS {SQL_TYPES[column.type]}) AS {name(column.name)}")
    return f"CREATE VIEW {name(spec.name)} AS SELECT {', '.join(columns)} FROM {source}"  # noqa: S608 -- only names from tables.toml


def empty_view(spec: TableSpec) -> str:
    """Define the view of a table without events, with all its columns."""
    return table_view(spec, "(SELECT 1) WHERE false", ())


def convenience_views() -> Iterator[str]:
    """Define `events` and `entities`."""
    common = ", ".join(name(column) for column in common_columns())
    tagged = [f"{literal(table)} AS table_name, {common} FROM {name(table)}" for table in tables()]
    yield f"CREATE VIEW events AS SELECT {' UNION ALL SELECT '.join(tagged)}"
    yield "CREATE VIEW entities AS " + " UNION ALL ".join(_entity_selects())


def common_columns() -> list[str]:
    """Give the names of the columns that every table has, in their order."""
    specs = list(tables().values())
    shared = set.intersection(*(set(spec.columns) for spec in specs))
    return [column for column in specs[0].columns if column in shared]


def convenience_columns(view: str) -> list[tuple[str, str]]:
    """Give name and type of the columns of a convenience view."""
    if view == "events":
        columns = next(iter(tables().values())).columns
        rest = [(column, columns[column].type) for column in common_columns()]
        return [("table_name", "string"), *rest]
    first = ["table_name", "entity_type", "entity_role", "entity_value"]
    kept = [("time", "timestamp"), ("metadata_uid", "string"), ("metadata_source", "string")]
    return [*((column, "string") for column in first), *kept, ("metadata_offset", "int64")]


def _entity_selects() -> Iterator[str]:
    kept = ", ".join(name(column) for column in _ENTITY_COLUMNS)
    for spec in tables().values():
        for column in spec.columns.values():
            if column.entity:
                yield (
                    f"SELECT {literal(spec.name)} AS table_name,"  # noqa: S608 -- only names from tables.toml
                    f" {literal(column.entity.value)} AS entity_type,"
                    f" {literal(column.role.value)} AS entity_role,"
                    f" {name(column.name)} AS entity_value, {kept}"
                    f" FROM {name(spec.name)} WHERE {name(column.name)} IS NOT NULL"
                )
