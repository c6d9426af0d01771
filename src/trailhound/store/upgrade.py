"""A workspace of an older release brought to this one's format: copy, migrate, verify, swap.

The old workspace stays beside the new one under its format's name until the operator deletes it.
Event files never change, so the copy shares them by hard link where the file system can.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import msgspec

from trailhound.store import cases, durable, layout, lock
from trailhound.store.verify import verify

if TYPE_CHECKING:
    from pathlib import Path


def upgrade(root: Path) -> Path | None:
    """Upgrade in place; gives where the old workspace is kept, None when nothing was to do."""
    copy = layout.upgrading(root)
    if not root.exists() and copy.is_dir():
        copy.replace(root)  # a crash came between the two renames of `_swap`: the copy was verified
        return None
    marker = layout.read_marker(root)
    if marker.format >= layout.FORMAT:
        layout.check_format(root, marker)
        return None
    held = lock.take_writer(root)
    try:
        with durable.located(copy):
            _migrated_copy(root, copy, msgspec.structs.replace(marker, format=layout.FORMAT))
            return _swap(root, copy, root.with_name(f"{root.name}.format-{marker.format}"))
    finally:
        held.release()


def _migrated_copy(root: Path, copy: Path, marker: layout.Marker) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    try:
        ignored = shutil.ignore_patterns("*-wal", "*-shm", f"*{durable.PARTIAL}")
        shutil.copytree(root, copy, symlinks=True, ignore=ignored, copy_function=_link_events)
        (copy / layout.CASES).unlink()
        cases.snapshot(root / layout.CASES, copy / layout.CASES)
        cases.migrate(copy / layout.CASES)
        layout.write_marker(copy, marker)
        verify(copy)
    except BaseException:
        shutil.rmtree(copy, ignore_errors=True)
        raise


def _link_events(source: str, target: str) -> None:
    """Share immutable event files; copy what may change."""
    if source.endswith(".parquet"):
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
    else:
        shutil.copy2(source, target)


def _swap(root: Path, copy: Path, old: Path) -> Path:
    root.replace(old)
    copy.replace(root)
    durable.sync_directory(root.parent)
    return old
