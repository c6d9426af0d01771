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
from trailhound.readers.cells import CASTS, PLAIN_V4, clean_address, clean_user, entity_value
from trailhound.readers.coded import Coded, coded, coded_as, constant

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from trailhound.model.batch import Batch, Column, Value
    from trailhound.model.tables import ColumnSpec

_EMPTY = (None, "", "-")
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
    batch.prepare(native_fields(batch))  # all in one pass: one by one costs twice as much
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
    coded_columns: dict[str, Coded | pa.Array] = {**_common(batch, mapping, rows)} | {
        name: _column(batch, cell, specs[name], rows) for name, cell in block.cells.items()
    }
    numbers = {"time": batch.times(), "metadata_offset": batch.offsets}
    arrays = []
    for field in schema:
        if field.name in numbers:
            column = numbers[field.name]
            picked = column if rows is None else column[np.asarray(rows, dtype=np.int64)]
            arrays.append(pa.array(picked, mask=picked == NO_TIME))
        elif field.name in coded_columns:
            made = coded_columns[field.name]
            arrays.append(made.array(field.type) if isinstance(made, Coded) else made)
        else:
            arrays.append(pa.nulls(count, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _common(batch: Batch, mapping: Mapping, rows: Sequence[int] | None) -> dict[str, Coded]:
    """Give the texts that come from the batch itself; a mapping may set the last three."""
    count = batch.rows if rows is None else len(rows)
    chosen = range(batch.rows) if rows is None else rows
    common = {
        "metadata_uid": coded(list(batch.uids(chosen)), _itself),
        "metadata_time_basis": constant(batch.time_basis, count),
        "metadata_source": _sources(batch, rows),
        "metadata_product_name": constant(mapping.product, count),
        "metadata_log_name": constant(batch.route.get("Channel", batch.kind), count),
    }
    if "EventID" in batch.route:
        common["metadata_event_code"] = constant(batch.route["EventID"], count)
    return common


def _itself(value: Value) -> Value:
    return value


def _sources(batch: Batch, rows: Sequence[int] | None) -> Coded:
    if len(batch.sources) == 1:
        return constant(batch.sources[0], batch.rows if rows is None else len(rows))
    names = [batch.source_of(row) for row in rows] if rows is not None else batch.source_names()
    return coded(list(names), _itself)


def _column(
    batch: Batch, cell: Cell, spec: ColumnSpec, rows: Sequence[int] | None
) -> Coded | pa.Array:
    """Build a column; numbers of a whole batch that the format has as such stay what they are."""
    plain = rows is None and len(cell.names) == 1 and cell.translate is None and not cell.default
    if plain and spec.type == "int64":
        numbers = batch.numbers(cell.names[0])
        if numbers is not None:
            return numbers
    return _build(batch, cell, spec, rows)


def _build(batch: Batch, cell: Cell, spec: ColumnSpec, rows: Sequence[int] | None) -> Coded:
    if not cell.names:
        return constant(cell.value, batch.rows if rows is None else len(rows))
    cast = CASTS[spec.type]

    def convert(value: Value) -> Any:
        return _cleaned(cast(_translated(value, cell)), spec.name)

    known = batch.distinct(cell.names[0]) if rows is None and len(cell.names) == 1 else None
    if known is not None and _stays(known[0], cell, spec):
        return Coded(*known)
    if known is not None:
        return coded_as(*known, convert)
    return coded(_pick(batch, cell.names, rows), convert)


def _stays(values: Column, cell: Cell, spec: ColumnSpec) -> bool:
    """Tell whether distinct values are cells as they are: asking all at once costs a tenth."""
    if spec.type != "string" or cell.translate is not None or cell.default is not None:
        return False
    texts = [value for value in values if value is not None]
    if set(map(type, texts)) - {str} or "" in values or not "".join(texts).isascii():  # type: ignore[arg-type]
        return False
    if spec.name.endswith("_ip"):
        return all(map(PLAIN_V4.match, texts))  # type: ignore[arg-type]
    return not spec.name.endswith("user_name")


def _pick(batch: Batch, names: tuple[str, ...], rows: Sequence[int] | None) -> Column:
    columns = batch.columns(names)
    chosen = columns[names[0]] if rows is None else [columns[names[0]][r] for r in rows]
    for name in names[1:]:
        if not any(chosen.count(empty) for empty in _EMPTY):
            break
        other = columns[name] if rows is None else [columns[name][r] for r in rows]
        chosen = [o if c in _EMPTY else c for c, o in zip(chosen, other, strict=True)]
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
                named = [_entity(specs[name], value) for value in column.cells]
                for row, code in zip(picked, column.codes.tolist(), strict=True):
                    entity = named[code]
                    if entity is not None:
                        found[row].append(entity)
    return [tuple(found[row]) for row in rows]


def _entity(spec: ColumnSpec, value: Value) -> Entity | None:
    assert spec.entity is not None  # noqa: S101 - for the type checker
    text = entity_value(spec.entity, value)
    return Entity(spec.entity, text, spec.role) if text else None
