"""The tables events land in, read from `tables.toml`, the only list of them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from trailhound.model.entity import EntityType, Role


class ColumnSpec(msgspec.Struct, frozen=True):
    """One column: its type, unit, OCSF and ECS path, and what kind of entity its values name."""

    name: str
    type: str
    ocsf: str
    ecs: str = ""
    unit: str = ""
    entity: EntityType | None = None
    role: Role = Role.RELATED


class TableSpec(msgspec.Struct, frozen=True):
    """One table: an OCSF class and its columns, the common ones first."""

    name: str
    class_uid: int
    title: str
    columns: dict[str, ColumnSpec]


@cache
def tables() -> dict[str, TableSpec]:
    """Give all tables by name."""
    raw = tomllib.loads(files("trailhound.model").joinpath("tables.toml").read_text("utf-8"))
    common = _columns(raw["common"]["columns"])
    return {
        name: TableSpec(name, t["class_uid"], t["title"], common | _columns(t["columns"]))
        for name, t in raw["table"].items()
    }


def _columns(raw: dict[str, dict[str, str]]) -> dict[str, ColumnSpec]:
    return {name: msgspec.convert({"name": name, **spec}, ColumnSpec) for name, spec in raw.items()}
