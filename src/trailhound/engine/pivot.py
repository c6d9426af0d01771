"""Everything the evidence says of one entity: as what it was seen, with whom, doing what, when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.engine.views import literal, name
from trailhound.model.tables import tables

if TYPE_CHECKING:
    from trailhound.engine.duckdb import Parameters, TableEngine
    from trailhound.model.tables import TableSpec

MOST_RELATED = 8
"""Related entities given of each type, the most frequent first."""

DAY = 86_400_000_000


class Seen(msgspec.Struct, frozen=True):
    """The entity in one role of one table. Times here and below: microseconds UTC or None."""

    type: str
    role: str
    table: str
    events: int
    first: int | None
    last: int | None


class Done(msgspec.Struct, frozen=True):
    """What the events say was done, and how it ended."""

    table: str
    action: str
    status: str
    events: int
    first: int | None
    last: int | None


class Related(msgspec.Struct, frozen=True):
    """Another entity of the same events."""

    type: str
    value: str
    events: int
    first: int | None
    last: int | None


class Day(msgspec.Struct, frozen=True):
    """Events of one day UTC; `start` is its midnight."""

    start: int
    events: int


class Pivot(msgspec.Struct, frozen=True):
    """One page about one entity."""

    entity: str
    events: int
    sources: int
    first: int | None
    last: int | None
    seen: tuple[Seen, ...]
    done: tuple[Done, ...]
    related: tuple[Related, ...]
    days: tuple[Day, ...]


def pivot(engine: TableEngine, entity: str) -> Pivot:
    """Ask the tables about an entity.

    It is compared without case; `*` stands for any text. What looks like a hash is also looked for
    inside columns that hold several hashes.
    """
    wanted = _pattern(entity)
    (events, sources, first, last) = _rows(engine, _TOTAL, entity)[0]
    return Pivot(
        entity,
        events,
        sources,
        first,
        last,
        tuple(Seen(*row) for row in engine_rows(engine, _SEEN, [wanted])),
        tuple(Done(*row) for row in _rows(engine, _DONE, entity)),
        tuple(Related(*row) for row in _rows(engine, _RELATED, entity, wanted)),
        tuple(Day(*row) for row in _rows(engine, _DAYS, entity)),
    )


_SEEN = """
SELECT entity_type, entity_role, table_name, count(*), min(time), max(time)
FROM entities WHERE entity_value ILIKE ? ESCAPE '~'
GROUP BY ALL ORDER BY count(*) DESC, entity_type, entity_role, table_name"""

_TOTAL = """
SELECT count(*), count(DISTINCT metadata_source), min(time), max(time) FROM met"""

_DONE = """
SELECT table_name, COALESCE(activity_name, ''), COALESCE(status, ''), count(*), min(time), max(time)
FROM met GROUP BY ALL ORDER BY count(*) DESC, table_name, 2, 3"""

_RELATED = f"""
SELECT type, value, events, first, last FROM (
  SELECT entity_type AS type, lower(entity_value) AS value,
         count(DISTINCT (table_name, metadata_uid)) AS events,
         min(time) AS first, max(time) AS last,
         row_number() OVER (PARTITION BY entity_type
                            ORDER BY count(DISTINCT (table_name, metadata_uid)) DESC,
                                     lower(entity_value)) AS place
  FROM entities SEMI JOIN met USING (table_name, metadata_uid)
  WHERE NOT entity_value ILIKE ? ESCAPE '~'
  GROUP BY entity_type, lower(entity_value))
WHERE place <= {MOST_RELATED} ORDER BY type, events DESC, value"""  # noqa: S608 -- a number

_DAYS = f"""
SELECT (time // {DAY}) * {DAY} AS start, count(*) FROM met WHERE time IS NOT NULL
GROUP BY start ORDER BY start"""  # noqa: S608 -- a number


def _rows(engine: TableEngine, sql: str, entity: str, *more: str) -> list[tuple[Any, ...]]:
    """Ask with `met`: the events in which the entity appears."""
    parts, values = [], []
    for spec in tables().values():
        columns = _asked(spec, entity)
        conditions = " OR ".join(f"{name(c)} ILIKE ? ESCAPE '~'" for c, _ in columns)
        values += [pattern for _, pattern in columns]
        parts.append(
            f"SELECT {literal(spec.name)} AS table_name, metadata_uid, metadata_source, time,"  # noqa: S608 -- from tables.toml
            f" activity_name, status FROM {name(spec.name)} WHERE {conditions or 'false'}"
        )
    return engine_rows(engine, f"WITH met AS ({' UNION ALL '.join(parts)}) {sql}", [*values, *more])


def engine_rows(engine: TableEngine, sql: str, values: Parameters) -> list[tuple[Any, ...]]:
    """Give the rows of an answer that is small."""
    columns = [column.to_pylist() for column in engine.query(sql, values).columns]
    return list(zip(*columns, strict=True))


def _asked(spec: TableSpec, entity: str) -> list[tuple[str, str]]:
    """Give the columns in which the entity may appear, and how it would look there."""
    pattern = _pattern(entity)
    named = [(column.name, pattern) for column in spec.columns.values() if column.entity]
    if not _is_hash(entity):
        return named
    hashes = [column.name for column in spec.columns.values() if "hash" in column.name]
    return [*named, *((column, f"%{pattern}%") for column in hashes)]


def _is_hash(text: str) -> bool:
    return len(text) in (32, 40, 64) and all(char in "0123456789abcdefABCDEF" for char in text)


def _pattern(entity: str) -> str:
    for special in "~%_":
        entity = entity.replace(special, f"~{special}")
    return entity.replace("*", "%")
