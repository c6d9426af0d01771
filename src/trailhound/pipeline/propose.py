"""Propose a mapping for a log nobody described, from the names of its fields and their values.

A proposal is a start for a person: it says how many rows each column would fill and which values it
could not take.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailhound.model.batch import NO_TIME
from trailhound.model.errors import UsageError, Where
from trailhound.model.limits import Budget
from trailhound.model.tables import tables
from trailhound.readers.cells import CASTS, as_text, clean_address, clean_user
from trailhound.readers.generic_csv import GenericCsv
from trailhound.readers.generic_json import GenericJson
from trailhound.readers.well_known import TIMES, times_of
from trailhound.text import toml
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trailhound.model.batch import Batch, Column, Value
    from trailhound.model.source import Source

ROWS = 2_000
"""Rows looked at: enough to see the shapes of values."""
SHOWN = 5
_MATCHED = 0.8
"""Share of the values that must have the shape of a column."""
_MATCH_FIELDS = 4
_NAME_LENGTH = 100

_WORDS: dict[str, str] = {
    "src_endpoint_ip": "src source client remote caller origin ip ipaddr ipaddress addr address",
    "src_endpoint_port": "srcport sourceport clientport remoteport",
    "actor_user_name": "user username login account actor principal email badge employee who by",
    "actor_user_uid": "userid uid actorid",
    "device_hostname": "host hostname computer machine device server node",
    "activity_name": "action event operation activity method verb eventtype eventname",
    "status": "status result outcome success",
    "status_detail": "reason error detail",
    "message": "message msg text description summary",
    "log_level": "level severity priority",
}
"""Words in field names, by the column they speak for; earlier columns take a field first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One proposed column: the field it is made of, rows filled, values it cannot take."""

    column: str
    native: str
    filled: int
    refused: int


@dataclass(slots=True)
class Proposal:
    """A mapping and what it would do.

    Attributes:
        text: the TOML.
        rows: rows looked at.
        times: of these, rows with a time.
        taken: the columns.
        preview: the first rows as they would land in the table.
        oddities: what could not be read, by kind.
        left: fields that no column takes.
    """

    text: str
    rows: int
    times: int
    taken: list[Taken]
    preview: list[dict[str, str]]
    oddities: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def propose(source: Source, name: str) -> Proposal:
    """Look at the first rows of a source; UsageError when it is neither JSON nor CSV."""
    budget = Budget()
    form, batch = _first_batch(source, budget)
    names = sorted(batch.native_names())
    every = {n: column[:ROWS] for n, column in batch.columns(names).items()}
    columns = {n: column for n, column in every.items() if any(v is not None for v in column)}
    places = _time_places(columns)
    chosen = _chosen({n: c for n, c in columns.items() if n not in places})
    taken = [_taken(column, native, columns[native]) for column, native in chosen.items()]
    times = times_of(columns[places[0]] if places else [], source.zone)[0]
    return Proposal(
        _written(f"{form}.{name}", places, _match(columns), chosen),
        min(batch.rows, ROWS),
        sum(1 for value in times if value != NO_TIME),
        taken,
        _preview(chosen, columns, [int(value) for value in times[:SHOWN]]),
        dict(budget.oddities.counts),
        [n for n in columns if n not in places and n not in chosen.values()],
    )


def _first_batch(source: Source, budget: Budget) -> tuple[str, Batch]:
    for form, reader in (("json", GenericJson()), ("csv", GenericCsv())):
        if reader.sniff(source.head, source.name) > 0:
            batches = sorted(reader.read(source, budget), key=lambda batch: -batch.rows)
            if batches:
                return form, batches[0]
    todo = "a mapping can be proposed for JSON, and for CSV with a header line"
    raise UsageError("no records to look at", where=Where(source.name), todo=todo)


def _time_places(columns: dict[str, Column]) -> list[str]:
    """Give the fields that hold times, the likeliest first."""
    known = {name.lower(): rank for rank, name in enumerate(TIMES)}
    found = [name for name, column in columns.items() if _share(column, _is_time) >= _MATCHED]
    return sorted(found, key=lambda name: _rank(name, columns[name], known))[:1]


def _rank(name: str, column: Column, known: dict[str, int]) -> tuple[int, bool, str]:
    """Prefer usual names, then written times: a number may count anything."""
    numbers = _share(column, lambda value: isinstance(value, int | float)) > 0
    return known.get(name.lower(), len(known)), numbers, name


def _chosen(columns: dict[str, Column]) -> dict[str, str]:
    """Give each column the field that fits best; a field serves one column."""
    chosen: dict[str, str] = {}
    for column, words in _WORDS.items():
        free = [name for name in columns if name not in chosen.values()]
        scores = [(_score(name, columns[name], column, words.split()), name) for name in free]
        best = min(((-score, name) for score, name in scores if score > 0), default=None)
        if best is not None:
            chosen[column] = best[1]
    return chosen


def _score(name: str, values: Column, column: str, words: Sequence[str]) -> float:
    """Judge a field for a column: words in its name, and values of the right shape."""
    parts = _parts(name)
    joined = "".join(parts)
    said = sum(1 for word in words if word in parts) + (2 if joined in words else 0)
    fits = _share(values, _SHAPES.get(column, _is_text))
    if "agent" in parts and column == "actor_user_name":  # a browser is nobody
        return 0.0
    if fits < _MATCHED or (said == 0 and column != "src_endpoint_ip"):
        return 0.0
    return said + fits


def _parts(name: str) -> list[str]:
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [part for part in re.split(r"[^A-Za-z0-9]", spaced.lower()) if part]


def _share(column: Column, test: Callable[[Value], bool]) -> float:
    values = [value for value in column if value not in (None, "", "-")]
    return sum(1 for value in values if test(value)) / len(values) if values else 0.0


def _is_time(value: Value) -> bool:
    if isinstance(value, bool | list):
        return False
    if isinstance(value, int | float) or (isinstance(value, str) and value.isdigit()):
        return 1e9 <= abs(float(value)) < 2e19  # a count or a year is no time
    return bool(times_of([value], "")[0][0] != NO_TIME)


def _is_address(value: Value) -> bool:
    text = clean_address(value) if isinstance(value, str) else None
    try:
        return text is not None and bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_port(value: Value) -> bool:
    number = CASTS["int64"](value)
    return isinstance(number, int) and 0 <= number < 65_536


def _is_text(value: Value) -> bool:
    return not isinstance(value, float) and not _is_address(value)


def _is_name(value: Value) -> bool:
    """Tell what may name a person, program or machine from prose and structures."""
    return (
        isinstance(value, str | int)
        and len(str(value)) <= _NAME_LENGTH
        and not set("{}[]();") & set(str(value))
        and not _is_address(value)
    )


_SHAPES: dict[str, Callable[[Value], bool]] = {
    "src_endpoint_ip": _is_address,
    "src_endpoint_port": _is_port,
    "actor_user_name": _is_name,
    "actor_user_uid": _is_name,
    "device_hostname": _is_name,
    "activity_name": _is_name,
}


def _taken(column: str, native: str, values: Column) -> Taken:
    cells = [_cell(column, value) for value in values]
    given = [value for value in values if value not in (None, "", "-")]
    filled = sum(1 for cell in cells if cell is not None)
    wrong = sum(1 for value in given if not _SHAPES.get(column, _any)(value))
    return Taken(column, native, filled, wrong)


def _any(_value: Value) -> bool:
    return True


def _cell(column: str, value: Value) -> str | None:
    """Give the cell a value would become, as text."""
    made = CASTS[tables()["log_activity"].columns[column].type](value)
    if isinstance(made, str) and column.endswith("_ip"):
        made = clean_address(made)
    elif isinstance(made, str) and column.endswith("user_name"):
        made = clean_user(made)
    return as_text(made)


def _match(columns: dict[str, Column]) -> list[str]:
    """Give fields that all rows have, the longest names first: they say most."""
    whole = [name for name, column in columns.items() if None not in column]
    return sorted(sorted(whole, key=lambda name: (-len(name), name))[:_MATCH_FIELDS])


def _preview(
    chosen: dict[str, str], columns: dict[str, Column], times: Iterable[int]
) -> list[dict[str, str]]:
    clock = [iso(value) for value in times]
    rows: list[dict[str, str]] = []
    for number in range(min(SHOWN, max((len(column) for column in columns.values()), default=0))):
        row = {"time": clock[number] if number < len(clock) else ""}
        for column, native in chosen.items():
            row[column] = _cell(column, columns[native][number]) or ""
        rows.append(row)
    return rows


def _written(kind: str, times: Sequence[str], match: Sequence[str], chosen: dict[str, str]) -> str:
    lines = [f"kind = {toml.quote(kind)}", f"product = {toml.quote(kind.partition('.')[2])}"]
    if times:
        lines.append(f"time = {toml.value(list(times))}")
    lines += ["", "[match]", f"fields = {toml.value(list(match))}", "", "[[table]]"]
    lines += ['table = "log_activity"', "[table.columns]"]
    lines += [f"{column} = {toml.quote(native)}" for column, native in chosen.items()]
    return "\n".join(lines) + "\n"
