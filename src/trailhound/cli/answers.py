"""How the answer to a query is written: on the screen, for programs, or to a Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailhound.cli.rows import FORMATS, write_rows
from trailhound.model.errors import QueryError, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from trailhound.cli.rows import Row
    from trailhound.engine.duckdb import TableEngine

PARQUET = "parquet"


def answer_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add --format and -o."""
    form = click.option(
        "--format", "form", type=click.Choice((*FORMATS, PARQUET)), default="text",
        help="Output format.",
    )  # fmt: skip
    output = click.option(
        "-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
        help="Write to a file; needed for parquet.",
    )  # fmt: skip
    return form(output(function))


def write_answer(engine: TableEngine, query: str, form: str, output: Path | None) -> None:
    """Answer a query in one of the forms, as the rows come."""
    if (form == PARQUET) != (output is not None):
        todo = "trailhound sql 'SELECT ...' PATH --format parquet -o FILE"
        raise UsageError("parquet goes to a file, all else to standard output", todo=todo)
    reader = engine.stream(query)
    if output is not None:
        number = _write_parquet(reader, output)
    else:
        number = write_rows(reader.schema.names, _rows(reader), form)
    if form in ("text", PARQUET):
        click.echo(f"{number:,} {'row' if number == 1 else 'rows'}", err=True)


def _write_parquet(reader: pa.RecordBatchReader, output: Path) -> int:
    """Write a whole file or none; gives the number of rows."""
    import pyarrow.parquet as pq

    temporary = output.with_name(f".{output.name}.part")
    number = 0
    try:
        with pq.ParquetWriter(temporary, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
                number += batch.num_rows
        temporary.replace(output)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror or error}") from error
    except (RuntimeError, ValueError) as error:
        raise _failed(error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return number


def _rows(reader: pa.RecordBatchReader) -> Iterator[Row]:
    try:
        for batch in reader:
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from error


def _failed(error: Exception) -> QueryError:
    return QueryError(str(error).split("\n", 1)[0], where=Where("query"))
