"""Rule sets that the operator adds: from a folder, an archive or a URL to the user's folder.

A set is copied or downloaded to a folder of its own, looked at and compiled there, and only then
takes its place in one rename; an older one of that name stays until then. Kept are rules and
licence files, nothing else, under names that cannot lead out.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlsplit

import msgspec

from trailhound.model.errors import UsageError, Where
from trailhound.model.limits import MIB, Limits
from trailhound.net import Fetcher
from trailhound.pipeline.folders import data_folder, rules_folder
from trailhound.rules.library import LICENCE_FILES, ORIGIN, RuleSet, licence_of, load, read_toml
from trailhound.unpack.archive import name_trick
from trailhound.unpack.walk import File, expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.oddity import Oddity

PACKED_BYTES = 64 * MIB
LIMITS = Limits(
    archive_depth=1,
    archive_members=50_000,
    archive_member_bytes=8 * MIB,
    archive_total_bytes=512 * MIB,
    expansion_floor_bytes=64 * MIB,
    decode_layers=1,
)
SIGMA = (".yml", ".yaml")
YARA = (".yar", ".yara")
MAX_PART = 200

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")
_HARMLESS = frozenset({"limit.archive_depth", "file.unsupported_archive", "limit.decode_layers"})
"""What is not opened inside an archive holds no rules."""


class Origin(msgspec.Struct, frozen=True):
    """Where a set came from; kept beside it as `origin.toml`. `sha256` is that of the archive."""

    source: str
    sha256: str = ""
    licence: str = ""


class Added(msgspec.Struct, frozen=True):
    """What came of adding a set."""

    name: str
    folder: Path
    origin: Origin
    rules: int
    skipped: int
    yara: int
    left_out: int
    replaced: bool


class Known(msgspec.Struct, frozen=True):
    """A public set that is known by name. Its licence counts where its archive carries none."""

    url: str
    licence: str


KNOWN = {
    "sigmahq": Known(
        "https://github.com/SigmaHQ/sigma/releases/latest/download/sigma_all_rules.zip",
        "Detection Rule License (DRL) 1.1",
    )
}


def installed() -> list[tuple[str, Origin]]:
    """Give the sets the operator added, by name."""
    folder = rules_folder()
    found = sorted(p for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    return [(path.name, _origin(path)) for path in found]


def add(source: str, name: str = "", *, loopback: bool = False) -> Added:
    """Add or replace a set. UsageError says why nothing was changed."""
    known = KNOWN.get(source)
    if known is not None:
        name = name or source
        source = known.url
    name = name or _name_of(source)
    if not _NAME.match(name):
        todo = "use --name with lower-case letters, digits, dots and dashes"
        raise UsageError(f"{name!r} cannot be the name of a rule set", todo=todo)
    waiting = _made(data_folder() / "incoming")
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=waiting) as folder:
        staged = _Staged(Path(folder), source)
        staged.fill(loopback=loopback)
        return staged.install(name, known.licence if known else "")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        todo = "name a place that may be written with XDG_DATA_HOME"
        what = f"cannot be made: {error.strerror}"
        raise UsageError(what, where=Where(str(folder)), todo=todo) from error
    return folder


def update(names: Sequence[str], *, loopback: bool = False) -> Iterator[Added]:
    """Fetch sets again from where they came; all of them when none is named."""
    origins = dict(installed())
    for name in names or tuple(origins):
        if name in origins:
            known = next((key for key, one in KNOWN.items() if one.url == origins[name].source), "")
            yield add(known or origins[name].source, name, loopback=loopback)
        elif name in KNOWN:
            yield add(name, loopback=loopback)
        else:
            todo = f"added: {', '.join(origins) or 'none'}; by name: {', '.join(KNOWN)}"
            raise UsageError(f"no rule set is called {name!r}", todo=todo)


def remove(name: str) -> Path:
    """Delete an added set; gives the folder that was there."""
    folder = rules_folder() / name
    if not _NAME.match(name) or not folder.is_dir() or folder.is_symlink():
        todo = f"added: {', '.join(one for one, _ in installed()) or 'none'}"
        raise UsageError(f"no rule set is called {name!r}", todo=todo)
    shutil.rmtree(folder)
    return folder


def _origin(folder: Path) -> Origin:
    place = folder / ORIGIN
    if not place.is_file():
        return Origin("")
    raw = read_toml(place, "origin")
    return Origin(*(str(raw.get(key, "")) for key in ("source", "sha256", "licence")))


def is_url(source: str) -> bool:
    r"""Tell a URL from a path; `C:\\rules` is a path."""
    return "://" in source


def _name_of(source: str) -> str:
    path = (
        unquote(urlsplit(source).path) if is_url(source) else str(Path(source).resolve().as_posix())
    )
    name = path.rstrip("/").rpartition("/")[2].lower()
    for ending in (".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", *SIGMA, *YARA):
        name = name.removesuffix(ending)
    return re.sub(r"[^a-z0-9._-]", "-", name).strip(".-_")


class _Staged:
    """A set on its way in. `content` is what will be its folder."""

    def __init__(self, folder: Path, source: str) -> None:
        self._folder = folder
        self._source = source
        self._content = folder / "content"
        self._sha256 = ""
        self._left_out = 0
        self._room = LIMITS.archive_total_bytes

    def fill(self, *, loopback: bool) -> None:
        """Bring the files of the source here."""
        self._content.mkdir(mode=0o700)
        if is_url(self._source):
            packed = self._folder / (_file_name(self._source) or "download")
            with packed.open("wb") as stream:
                Fetcher(PACKED_BYTES, loopback=loopback).fetch(self._source, stream)
            self._from_file(packed)
            return
        self._source = str(Path(self._source).resolve())
        path = Path(self._source)
        if path.is_dir():
            self._from_folder(path)
        elif path.is_file():
            self._from_file(path)
        else:
            raise UsageError("no such file or folder", where=Where(self._source))

    def install(self, name: str, licence: str) -> Added:
        """Compile what is here and put it in place; refuses a set without a usable rule."""
        _lift_single_folder(self._content)
        licence = licence_of(self._content) or licence
        origin = Origin(self._source, self._sha256, licence)
        library = load([RuleSet(name, str(self._content), licence)], {}, None)
        yara = sum(path.suffix in YARA for path in self._content.rglob("*"))
        usable = len(library.rules) + len(library.correlations)
        if not usable + yara:
            first = f": {library.skipped[0].reason}" if library.skipped else ""
            raise UsageError(f"no usable rule in it{first}", where=Where(self._source))
        (self._content / ORIGIN).write_text(_toml(origin), "utf-8")
        place = rules_folder() / name
        replaced = self._swap(place)
        return Added(
            name, place, origin, usable, len(library.skipped), yara, self._left_out, replaced
        )

    def _swap(self, place: Path) -> bool:
        _made(place.parent)
        before = self._folder / "before"
        replaced = place.is_dir()
        if replaced:
            place.rename(before)
        try:
            self._content.rename(place)
        except OSError:
            if replaced:
                before.rename(place)
            raise
        return replaced

    def _from_folder(self, root: Path) -> None:
        for count, path in enumerate(sorted(root.rglob("*")), 1):
            if count > LIMITS.archive_members:
                raise UsageError(f"over {LIMITS.archive_members} files", where=Where(str(root)))
            linked = any(
                p.is_symlink()
                for p in (path, *path.parents)
                if p.is_relative_to(root) and p != root
            )
            if path.is_file() and not linked:
                with path.open("rb") as stream:
                    self._keep(path.relative_to(root).as_posix(), stream)

    def _from_file(self, path: Path) -> None:
        if path.stat().st_size > PACKED_BYTES:
            raise UsageError(f"larger than {PACKED_BYTES // MIB} MiB", where=Where(self._source))
        with path.open("rb") as stream:
            self._sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        for source in expand(File("", path), LIMITS, self._report):
            with source.open() as stream:
                self._keep(source.name.removeprefix("!") or path.name, stream)
        if not any(self._content.iterdir()):
            raise UsageError(_no_rules(path), where=Where(self._source))

    def _report(self, name: str, oddity: Oddity) -> None:
        """A set that is damaged or hits a limit is refused whole: half a feed looks like a feed."""
        if oddity.lost and oddity.kind not in _HARMLESS:
            inside = name.removeprefix("!")
            what = f"{inside}: {oddity.detail}" if inside else oddity.detail
            raise UsageError(f"the archive cannot be used: {what}", where=Where(self._source))

    def _keep(self, name: str, stream: BinaryIO) -> None:
        """Write one file if it is a rule or a licence with an honest name."""
        parts = name.split("/")
        if not (parts[-1].lower().endswith((*SIGMA, *YARA)) or parts[-1] in LICENCE_FILES):
            return
        if any(part.startswith(".") for part in parts if part != ".."):
            return
        if name_trick(name) or not all(0 < len(part) <= MAX_PART for part in parts):
            self._left_out += 1
            return
        data = stream.read(LIMITS.archive_member_bytes + 1)
        self._room -= len(data)
        if len(data) > LIMITS.archive_member_bytes or self._room < 0:
            raise UsageError(f"too large: {name}", where=Where(self._source))
        place = self._content.joinpath(*parts)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(data)


def _toml(origin: Origin) -> str:
    r"""Write an origin as TOML; JSON's strings are TOML's, but for DEL and escaped slashes."""
    pairs = msgspec.to_builtins(origin).items()
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in pairs)


def added_lines(added: Added) -> Iterator[str]:
    """Say what came of adding a set."""
    word = "updated" if added.replaced else "added"
    more = f", {added.yara} YARA files" if added.yara else ""
    yield f"{word}: {added.name}, {added.rules} rules{more}, from {added.origin.source}"
    yield f"licence: {added.origin.licence or 'none given, so ask its authors what is allowed'}"
    if added.origin.sha256:
        yield f"sha256: {added.origin.sha256}"
    if added.skipped:
        yield f"not usable: {added.skipped} rules (trailhound rules check {added.folder})"
    if added.left_out:
        yield f"left out: {added.left_out} files whose names lead elsewhere"


def _file_name(url: str) -> str:
    """Give the last part of a URL's path as a safe file name."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", unquote(urlsplit(url).path).rpartition("/")[2])[
        :100
    ].lstrip(".")


def _lift_single_folder(content: Path) -> None:
    """Archives of repositories hold one folder with everything in it: that folder is the set."""
    entries = list(content.iterdir())
    if len(entries) == 1 and entries[0].is_dir():
        inner = entries[0].rename(content.with_name("inner"))
        content.rmdir()
        inner.rename(content)


def _no_rules(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(256).lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page, not an archive of rules"
    return "no rules in it: neither Sigma (.yml) nor YARA (.yar) files"
