"""Whether a workspace that was copied or restored is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.errors import Where, WorkspaceError
from trailhound.store import cases, layout
from trailhound.store.reading import Reading

if TYPE_CHECKING:
    from pathlib import Path


def verify(root: Path) -> dict[str, int]:
    """Check marker, case file and every registered event file; gives rows of the case file."""
    layout.check_format(root, layout.read_marker(root))
    path = root / layout.CASES
    if not path.is_file():
        raise WorkspaceError("the case file is missing", where=Where(str(path)))
    cases.check(path)
    engine = cases.connect(path, write=False)
    with cases.transaction(engine, path) as connection:
        view = Reading(connection, root)
        for file in view.event_files():
            event_file = root / file.path
            if not event_file.is_file() or event_file.stat().st_size != file.bytes:
                where = Where(str(event_file))
                raise WorkspaceError("an event file is missing or cut", where=where)
        counts = view.counts()
    engine.dispose()
    return counts
