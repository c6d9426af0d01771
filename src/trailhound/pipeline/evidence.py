"""The tables of evidence, for commands that ask questions: of a workspace, or of paths read now."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.errors import UsageError
from trailhound.model.result import InputReport
from trailhound.pipeline.options import ScanOptions
from trailhound.pipeline.progress import silent
from trailhound.pipeline.scan import scan
from trailhound.pipeline.segments import no_room, segments
from trailhound.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.pipeline.progress import Progress


class Evidence(msgspec.Struct, frozen=True):
    """The event files of each table, and what became of the sources (none for a workspace)."""

    tables: Mapping[str, Sequence[Path]]
    inputs: Sequence[InputReport] = ()


@contextlib.contextmanager
def evidence(
    paths: Sequence[Path],
    workspace: Path | None = None,
    options: ScanOptions | None = None,
    progress: Progress = silent,
) -> Iterator[Evidence]:
    """Give the tables of a workspace or, read into a private folder, of paths.

    The files are there for the duration of the block. No rule is run.
    """
    if bool(paths) == bool(workspace):
        todo = "give PATH... or --workspace DIRECTORY"
        raise UsageError("evidence comes from paths or from one workspace", todo=todo)
    if workspace:
        with Workspace.open(workspace) as opened:
            with opened.reading() as view:
                tables = view.event_paths()
            yield Evidence(tables)
        return
    with tempfile.TemporaryDirectory(prefix="trailhound-") as folder:
        asked = msgspec.structs.replace(
            options or ScanOptions(), match=False, tables=True, segments=folder
        )
        result = scan(paths, asked, progress)
        if result.interrupted:
            raise KeyboardInterrupt  # half of the events would look like all of them
        if result.tables_lost:
            raise no_room(Path(folder), result.tables_lost)
        yield Evidence(segments(Path(folder)), result.inputs)
