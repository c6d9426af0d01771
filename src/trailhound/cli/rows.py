"""Rows on standard output: a table for people, JSON, JSON lines, or CSV that runs nothing."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from trailhound.text.escape import csv_cell, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMATS = ("text", "json", "jsonl", "csv")
Row = Sequence[object]

_MEASURED_ROWS = 1_000
"""Rows looked at before a table is printed; later ones keep the widths found so far."""
_TERMINAL_CELL = 60


def write_rows(names: Sequence[str], rows: Iterable[Row], form: str) -> int:
    """Print rows in one of `FORMATS`, as they come; gives their number."""
    lines = {"text": _table, "json": _json, "jsonl": _json_lines, "csv": _csv}[form]
    counted = _Counted(rows)
    for line in lines(names, counted):
        click.echo(line)
    return counted.number


class _Counted:
    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.number += 1
            yield row


def _json(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "["
    before = ""
    for line in _json_lines(names, rows):
        if before:
            yield f"{before},"
        before = line
    yield from [before] if before else []
    yield "]"


def _json_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(names, row, strict=True)), default=_shown, ensure_ascii=True)


def _csv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="")
    for row in itertools.chain([names], rows):
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_csv_value(cell) for cell in row])
        yield buffer.getvalue()


def _table(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    longest = _TERMINAL_CELL if sys.stdout.isatty() else sys.maxsize
    printed = ([_cell(cell, longest) for cell in row] for row in rows)
    head = list(itertools.islice(printed, _MEASURED_ROWS))
    titles = [_cell(name, longest) for name in names]
    widths = [max(len(row[n]) for row in [titles, *head]) for n in range(len(titles))]
    yield _line(titles, widths)
    yield _line(["-" * width for width in widths], widths)
    for row in itertools.chain(head, printed):
        yield _line(row, widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return "  ".join(f"{cell:<{width}}" for cell, width in pairs).rstrip()


def _cell(value: object, longest: int) -> str:
    text = printable(_shown(value))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _csv_value(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    return csv_cell(printable(_shown(value)))


def _shown(value: object) -> str:
    return "" if value is None else str(value)
