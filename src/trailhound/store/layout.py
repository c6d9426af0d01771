"""Where things are in a workspace, and its marker file `workspace.toml`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.errors import ConfigError, Where, WorkspaceError
from trailhound.store import durable
from trailhound.text import toml

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
"""Raised when an older release could not work with what this one writes."""

MARKER = "workspace.toml"
CASES = "cases.sqlite"
EVENTS = "events"
RULES = "rules"
ORGANISATION = "org.toml"
ALLOW = "allow.toml"
MODE = 0o700

_ORGANISATION_TEXT = b"""\
# What the organisation is. Everything here is optional; what is missing is inferred from the
# evidence and printed as assumed. `trailhound org learn` proposes values, `org check` compares.
"""
_ALLOW_TEXT = b"""\
# What is tolerated. `trailhound allow add` writes entries, `allow test` shows what they would hide.
"""


class Marker(msgspec.Struct, frozen=True):
    """What the marker file says. `created_by` is the release that made the workspace."""

    format: int
    id: str
    created_by: str


class _MarkerFile(msgspec.Struct, frozen=True):
    workspace: Marker


def read_marker(root: Path) -> Marker:
    """Read `workspace.toml`; WorkspaceError when there is no workspace or the file is damaged."""
    path = root / MARKER
    if not path.is_file():
        raise WorkspaceError(
            "there is no workspace here",
            where=Where(str(root)),
            todo=_missing_todo(root),
        )
    with durable.located(path):
        content = path.read_bytes()
    try:
        return toml.decode(toml.parse(str(path), content), _MarkerFile).workspace
    except ConfigError as error:
        raise WorkspaceError(
            error.what, where=error.where, todo="restore it from a backup"
        ) from error


def _missing_todo(root: Path) -> str:
    if upgrading(root).is_dir():
        return f"an upgrade was interrupted: run trailhound workspace upgrade {root}"
    return f"make one with: trailhound workspace init {root}"


def upgrading(root: Path) -> Path:
    """Give the place where an upgraded copy is prepared."""
    return root.with_name(f".{root.name}.upgrading")


def check_format(root: Path, marker: Marker) -> None:
    """Refuse a workspace of another format, saying which way out there is."""
    if marker.format > FORMAT:
        raise WorkspaceError(
            f"written by a newer release (format {marker.format}, this release knows {FORMAT})",
            where=Where(str(root / MARKER)),
            todo="use that release; nothing was changed",
        )
    if marker.format < FORMAT:
        raise WorkspaceError(
            f"written by an older release (format {marker.format}, this release writes {FORMAT})",
            where=Where(str(root / MARKER)),
            todo=f"run: trailhound workspace upgrade {root}",
        )


def write_marker(root: Path, marker: Marker) -> None:
    """Write `workspace.toml` atomically."""
    lines = ["[workspace]"]
    lines += [f"{name} = {toml.value(getattr(marker, name))}" for name in marker.__struct_fields__]
    durable.write(root / MARKER, lambda file: file.write("\n".join([*lines, ""]).encode()))


def make_tree(root: Path, release: str) -> Marker:
    """Fill an empty directory with everything but the case file, the marker last."""
    (root / EVENTS).mkdir()
    (root / RULES).mkdir()
    for name in ("lock", "readers.lock"):
        (root / name).touch(mode=0o600)
    durable.write(root / ORGANISATION, lambda file: file.write(_ORGANISATION_TEXT))
    durable.write(root / ALLOW, lambda file: file.write(_ALLOW_TEXT))
    marker = Marker(FORMAT, _identity(root), release)
    write_marker(root, marker)
    return marker


def _identity(root: Path) -> str:
    """Name a workspace by the moment and place of its making; it keeps the name when it moves."""
    status = root.stat()
    made = f"{root.resolve()}\0{status.st_dev}\0{status.st_ino}\0{status.st_ctime_ns}"
    return hashlib.blake2b(made.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
