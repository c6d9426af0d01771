r"""From native columns to rows of the tables, as `content/mappings/*.toml` says.

A mapping file:

    kind = "aws.cloudtrail"
    product = "AWS CloudTrail"

    [[table]]
    table = "authentication"
    when = { eventName = ["ConsoleLogin"] }     # all must hold; the first block that fits wins
    [table.columns]
    user_name = ["userIdentity.userName", "userIdentity.arn"]     # the first that has a value
    activity_name = { value = "Logon" }
    status = { from = "errorMessage", map = { "" = "Success" }, default = "Failure" }

Types come from `model/tables.toml`; addresses lose port and brackets, user names lose `DOMAIN\\`.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from trailhound.model.batch import NO_TIME, arrow_schema
from trailhound.model.entity import Entity
from trailhound.model.errors import MappingError, Where
from trailhound.model.tables import tables
from trailhound.readers.cells import CASTS, clean_address, clean_user, entity_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from trailhound.model.batch import Batch, Column, Value
    from trailhound.model.tables import ColumnSpec

COMMON = ("metadata_uid", "time", "metadata_time_basis", "metadata_source", "metadata_offset")
"""Columns filled from the batch itself; a mapping cannot set them."""


class Cell(msgspec.Struct, frozen=True):
    """How a column is made: a constant, or the first native field with a value, translated."""

    names: tuple[str, ...] = ()
    value: str | int | bool | None = None
    translate: dict[str, str] | None = None
    default: str | None = None


class Block(msgspec.Struct, frozen=True):
    """One `[[table]]` of a mapping."""

    table: str
    when: dict[str, frozenset[str]]
    cells: dict[str, Cell]

    def native(self) -> set[str]:
        """Give the native fields this block reads."""
        return set(self.when) | {name for cell in self.cells.values() for name in cell.names}


class Mapping(msgspec.Struct, frozen=True):
    """One mapping file. `kinds` are the log kinds it serves."""

    kinds: tuple[str, ...]
    product: str
    blocks: tuple[Block, ...]
    source: str

    def blocks_for(self, route: dict[str, str]) -> list[Block]:
        """Keep the blocks that rows of this route may fit."""
        return [
            block
            for block in self.blocks
            if all(route[n].lower() in allowed for n, allowed in block.when.items() if n in route)
        ]


@cache
def mappings() -> dict[str, Mapping]:
    """Give the shipped mappings by log kind."""
    folder = files("trailhound.content").joinpath("mappings")
    found: dict[str, Mapping] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            mapping = parse_mapping(entry.read_text("utf-8"), entry.name)
            found |= dict.fromkeys(mapping.kinds, mapping)
    return found


def mapping_of(kind: str) -> Mapping | None:
    """Give the mapping of a kind: its own, else that of its family (`zeek.*`)."""
    known = mappings()
    return known.get(kind) or known.get(f"{kind.partition('.')[0]}.*")


def install(user: Sequence[Mapping]) -> None:
    """Let the tables know an operator's mappings beside the shipped ones, in this process."""
    mappings.cache_clear()
    _blocks_of.cache_clear()
    for mapping in user:
        mappings().update(dict.fromkeys(mapping.kinds, mapping))


def parse_mapping(text: str, source: str) -> Mapping:
    """Read one mapping; MappingError names the block and what is wrong in it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"not TOML: {error}", where=Where(source)) from error
    kinds = raw.get("kind", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    blocks = tuple(_block(entry, source, n) for n, entry in enumerate(raw.get("table", ()), 1))
    return Mapping(kinds, raw.get("product", kinds[0] if kinds else ""), blocks, source)


def _block(raw: dict[str, Any], source: str, number: int) -> Block:
    where = Where(f"{source} [[table]] {number}")
    spec = tables().get(raw.get("table", ""))
    if spec is None:
        raise MappingError(f"unknown table {raw.get('table')!r}", where=where)
    unknown = set(raw.get("columns", {})) - (set(spec.columns) - set(COMMON))
    if unknown:
        raise MappingError(f"{spec.name} has no column {min(unknown)!r}", where=where)
    when = {name: _texts(values) for name, values in raw.get("when", {}).items()}
    return Block(spec.name, when, {name: _cell(value) for name, value in raw["columns"].items()})


def _texts(values: Any) -> frozenset[str]:
    values = values if isinstance(values, list) else [values]
    return frozenset(str(value).lower() for value in values)


def _cell(raw: Any) -> Cell:
    if isinstance(raw, str):
        return Cell((raw,))
    if isinstance(raw, list):
        return Cell(tuple(raw))
    names = raw.get("from", ())
    names = (names,) if isinstance(names, str) else tuple(names)
    translate = {k.lower(): v for k, v in raw["map"].items()} if "map" in raw else None
    return Cell(names, raw.get("value"), translate, raw.get("default"))


def native_fields(batch: Batch) -> tuple[str, ...]:
    """Give the native fields the tables of this batch need, in a stable order."""
    return tuple(sorted({name for block in _blocks(batch) for name in block.native()}))


def _blocks(batch: Batch) -> list[Block]:
    return _blocks_of(batch.kind, tuple(batch.route.items()))


@lru_cache(maxsize=4096)
def _blocks_of(kind: str, route: tuple[tuple[str, str], ...]) -> list[Block]:
    mapping = mapping_of(kind)
    return mapping.blocks_for(dict(route)) if mapping else []


def table_rows(batch: Batch) -> list[tuple[str, pa.RecordBatch]]:
    """Turn a batch into record batches, one per block, with the full schema of the table."""
    mapping = mapping_of(batch.kind)
    if mapping is None:
        return []
    batch.columns(native_fields(batch))  # all in one pass: one by one costs twice as much
    taken = _assign(batch, _blocks(batch))
    return [(block.table, _record_batch(batch, mapping, block, rows)) for block, rows in taken]


def _assign(
    batch: Batch, blocks: list[Block], rows: Sequence[int] | None = None
) -> list[tuple[Block, Sequence[int] | None]]:
    """Give each of `rows` to the first block that fits; None means all of them."""
    free = rows
    taken: list[tuple[Block, Sequence[int] | None]] = []
    for block in blocks:
        tests = {n: allowed for n, allowed in block.when.items() if n not in batch.route}
        if not tests:
            return [*taken, (block, free)] if free is None or len(free) else taken
        columns = batch.columns(tuple(tests))
        candidates = range(batch.rows) if free is None else free
        hits = [r for r in candidates if all(_fits(columns[n][r], tests[n]) for n in tests)]
        if hits:
            taken.append((block, hits))
            chosen = set(hits)
            free = [r for r in candidates if r not in chosen]
    return taken


def _fits(value: Any, allowed: frozenset[str]) -> bool:
    if isinstance(value, list):
        return any(str(item).lower() in allowed for item in value)
    return ("" if value is None else str(value).lower()) in allowed


def _record_batch(
    batch: Batch, mapping: Mapping, block: Block, rows: Sequence[int] | None
) -> pa.RecordBatch:
    import pyarrow as pa

    count = batch.rows if rows is None else len(rows)
    schema = arrow_schema(block.table)
    specs = tables()[block.table].columns
    made = {name: _build(batch, cell, specs[name], rows) for name, cell in block.cells.items()}
    made |= _common(batch, mapping, range(batch.rows) if rows is None else rows, made)
    arrays = [
        _array(made[field.name], field.type) if field.name in made else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: Any, wanted: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_dictionary(wanted):
        return pa.array(column, pa.string()).dictionary_encode()
    if isinstance(column, np.ndarray):
        return pa.array(column, pa.int64(), mask=column == NO_TIME)
    return pa.array(column, wanted)


def _common(
    batch: Batch, mapping: Mapping, rows: Sequence[int], made: dict[str, Any]
) -> dict[str, Any]:
    index = np.asarray(rows, dtype=np.int64)
    count = len(rows)
    common: dict[str, Any] = {
        "metadata_uid": batch.uids(rows),
        "time": batch.times()[index],
        "metadata_time_basis": [batch.time_basis] * count,
        "metadata_source": _sources(batch, rows),
        "metadata_offset": batch.offsets[index],
    }
    if "metadata_product_name" not in made:
        common["metadata_product_name"] = [mapping.product] * count
    if "metadata_log_name" not in made:
        common["metadata_log_name"] = [batch.route.get("Channel", batch.kind)] * count
    if "metadata_event_code" not in made and "EventID" in batch.route:
        common["metadata_event_code"] = [batch.route["EventID"]] * count
    return common


def _sources(batch: Batch, rows: Sequence[int]) -> Column:
    if len(batch.sources) == 1:
        return [batch.sources[0]] * len(rows)
    return [batch.source_of(row) for row in rows]


def _build(batch: Batch, cell: Cell, spec: ColumnSpec, rows: Sequence[int] | None) -> Column:
    count = batch.rows if rows is None else len(rows)
    if not cell.names:
        return [cell.value] * count
    column = _pick(batch, cell.names, rows)
    cast = CASTS[spec.type]
    known: dict[Any, Any] = {}
    out: list[Any] = []
    for value in column:
        key = (value.__class__, value) if value.__hash__ else None
        made = known.get(key, known) if key else known
        if made is known:
            made = cast(_translated(value, cell))
            made = _cleaned(made, spec.name)
            if key:
                known[key] = made
        out.append(made)
    return out


def _pick(batch: Batch, names: tuple[str, ...], rows: Sequence[int] | None) -> Column:
    columns = batch.columns(names)
    chosen = columns[names[0]] if rows is None else [columns[names[0]][r] for r in rows]
    for name in names[1:]:
        other = columns[name] if rows is None else [columns[name][r] for r in rows]
        chosen = [o if c in (None, "", "-") else c for c, o in zip(chosen, other, strict=True)]
    return chosen


def _translated(value: Any, cell: Cell) -> Any:
    if cell.translate is None:
        return cell.default if value is None and cell.default is not None else value
    text = "" if value is None else str(value).lower()
    return cell.translate.get(text, value if cell.default is None else cell.default)


def _cleaned(value: Any, name: str) -> Any:
    if isinstance(value, str):
        if name.endswith("_ip"):
            return clean_address(value)
        if name.endswith("user_name"):
            return clean_user(value)
    return value


def row_entities(batch: Batch, rows: Sequence[int]) -> list[tuple[Entity, ...]]:
    """Give the entities each of `rows` names, by the columns of the table the row belongs to."""
    found: dict[int, list[Entity]] = {row: [] for row in rows}
    for block, taken in _assign(batch, _blocks(batch), rows):
        picked = list(rows) if taken is None else list(taken)
        specs = tables()[block.table].columns
        for name, cell in block.cells.items():
            if specs[name].entity is not None:
                column = _build(batch, cell, specs[name], picked)
                known = _entities(specs[name], column)
                for row, value in zip(picked, column, strict=True):
                    entity = known[value]
                    if entity is not None:
                        found[row].append(entity)
    return [tuple(found[row]) for row in rows]


def _entities(spec: ColumnSpec, column: Column) -> dict[Value, Entity | None]:
    """Give what each distinct cell of a column names."""
    assert spec.entity is not None  # noqa: S101 - for the type checker
    named = {value: entity_value(spec.entity, value) for value in set(column)}
    return {
        value: Entity(spec.entity, text, spec.role) if text else None
        for value, text in named.items()
    }
