"""All events of the evidence in one order, each with who, where and what in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trailhound.engine.views import literal, name
from trailhound.model.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.engine.duckdb import Parameters, TableEngine
    from trailhound.model.tables import TableSpec

WHAT_CHARACTERS = 300

_WHO = ("user_name", "mailbox", "actor_user_name")
_HOST = ("device_hostname",)
_SOURCE = ("src_endpoint_ip", "src_endpoint_hostname")
_WHAT: tuple[str | tuple[str, ...], ...] = (
    "process_cmd_line",
    "process_file_path",
    "script_name",
    "script_content",
    "module_file_path",
    "reg_key_path",
    "reg_value_data",
    "service_name",
    "service_cmd_line",
    "job_name",
    "job_cmd_line",
    "finding_info_title",
    "file_path",
    "group_name",
    "app_name",
    "entity_name",
    "api_operation",
    "resource_name",
    "email_subject",
    "email_rule",
    "query_hostname",
    "http_request_http_method",
    ("http_request_url_text", "http_request_url_path"),
    "tls_sni",
    "dst_endpoint_ip",
    "dst_endpoint_port",
    "query_info_text",
    "log_name",
)
"""What an event is about, in the order it is told: of several names the first with a value.

The message stands in when nothing has one.
"""


class Event(msgspec.Struct, frozen=True):
    """One line of the timeline; `time` in microseconds UTC, None when the record has none."""

    time: int | None
    table: str
    action: str
    status: str
    who: str
    host: str
    src: str
    what: str
    time_basis: str
    source: str
    offset: int | None
    uid: str


def timeline(
    engine: TableEngine, *, entity: str = "", since: int | None = None, until: int | None = None
) -> Iterator[Event]:
    """Give the events in [since, until) in which `entity` appears, by time, then by place.

    `entity` is compared without case to every column that names an entity; `*` stands for any text.
    Events without a time come last, and only when no time was asked for.
    """
    sql, values = _query(entity, since, until)
    for batch in engine.stream(sql, values):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield Event(*row)


def _query(entity: str, since: int | None, until: int | None) -> tuple[str, Parameters]:
    parts, values = [], []
    for spec in tables().values():
        conditions = []
        if entity:
            columns = _entity_columns(spec)
            conditions.append(" OR ".join(f"{name(c)} ILIKE ? ESCAPE '~'" for c in columns))
            values += [_pattern(entity)] * len(columns)
        for bound, operator in ((since, ">="), (until, "<")):
            if bound is not None:
                conditions.append(f"time {operator} {int(bound)}")
        where = " AND ".join(f"({condition})" for condition in conditions) or "true"
        parts.append(f"{_select(spec)} WHERE {where}")
    order = "ORDER BY time NULLS LAST, metadata_source, metadata_offset, metadata_uid, table_name"
    return f"{' UNION ALL '.join(parts)} {order}", values


def _select(spec: TableSpec) -> str:
    what = [told for columns in _WHAT if (told := _told(spec, columns))]
    told = f"NULLIF(concat_ws(' ', {', '.join(what)}), '')" if what else "NULL"
    columns = [
        "time",
        f"{literal(spec.name)} AS table_name",
        "COALESCE(activity_name, '')",
        "COALESCE(status, '')",
        _first(spec, _WHO),
        _first(spec, _HOST),
        _first(spec, _SOURCE),
        f"left(COALESCE({told}, message, ''), {WHAT_CHARACTERS})",
        "COALESCE(metadata_time_basis, '')",
        "COALESCE(metadata_source, '') AS metadata_source",
        "metadata_offset",
        "COALESCE(metadata_uid, '') AS metadata_uid",
    ]
    return f"SELECT {', '.join(columns)} FROM {name(spec.name)}"  # noqa: S608 -- from tables.toml


def _told(spec: TableSpec, columns: str | tuple[str, ...]) -> str:
    names = (columns,) if isinstance(columns, str) else columns
    present = [f"CAST({name(column)} AS VARCHAR)" for column in names if column in spec.columns]
    return f"COALESCE({', '.join(present)})" if present else ""


def _first(spec: TableSpec, columns: tuple[str, ...]) -> str:
    present = [name(column) for column in columns if column in spec.columns]
    return f"COALESCE({', '.join([*present, literal('')])})"


def _entity_columns(spec: TableSpec) -> list[str]:
    return [column.name for column in spec.columns.values() if column.entity]


def _pattern(entity: str) -> str:
    for special in "~%_":
        entity = entity.replace(special, f"~{special}")
    return entity.replace("*", "%")
