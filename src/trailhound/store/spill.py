"""Events of a scan that keeps nothing: in memory, beyond a size in a temporary folder."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Self

from trailhound.model.limits import MIB
from trailhound.store import durable
from trailhound.store.columns import conform, join
from trailhound.store.events import write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    import pyarrow as pa

MEMORY_BYTES = 256 * MIB


class SpillStore:
    """Takes batches as `EventWriter` does.

    The folder is private and removed on `close` and at exit, also after Ctrl-C.
    One table is either wholly in memory or wholly on disk when it is asked for.
    """

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._limit = memory_bytes
        self._held: defaultdict[str, list[pa.RecordBatch]] = defaultdict(list)
        self._sizes: defaultdict[str, int] = defaultdict(int)
        self._files: defaultdict[str, list[Path]] = defaultdict(list)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """Take a batch; the largest table goes to disk when memory is full."""
        if not batch.num_rows:
            return
        kept = conform(table, batch)
        self._held[table].append(kept)
        self._sizes[table] += kept.nbytes
        while sum(self._sizes.values()) > self._limit:
            self._spill(max(self._sizes, key=lambda name: (self._sizes[name], name)))

    def tables(self) -> Mapping[str, pa.Table | list[Path]]:
        """Give each table that has events: as Arrow, or as the Parquet files it was written to."""
        for table in [name for name in self._held if name in self._files]:
            self._spill(table)
        held = {table: join(batches) for table, batches in self._held.items()}
        return dict(sorted((held | self._files).items()))

    @property
    def spilled(self) -> bool:
        """Whether anything went to disk."""
        return self._folder is not None

    def close(self) -> None:
        """Forget everything and remove the folder; a second call does nothing."""
        self._held.clear()
        self._files.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _spill(self, table: str) -> None:
        rows = join(self._held.pop(table))
        del self._sizes[table]
        path = self._place() / f"{table}-{len(self._files[table]):06d}.parquet"
        with durable.located(path), path.open("wb") as file:
            write_rows(file, rows)
        self._files[table].append(path)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="trailhound-")
        return Path(self._folder.name)
