"""Saved questions: SQL files with a title and a reason, ours and the user's own."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.errors import UsageError, Where
from trailhound.pipeline.folders import data_folder
from trailhound.store import durable
from trailhound.text import toml

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
MOST_BYTES = 100_000


class Hunt(msgspec.Struct, frozen=True):
    """One question. `own` is True for what the user saved."""

    name: str
    title: str
    why: str
    sql: str
    own: bool = False


def hunts() -> dict[str, Hunt]:
    """Give all hunts by name; one of the user's own replaces ours of the same name."""
    shipped = files("trailhound.content").joinpath("hunts")
    found = [_read(entry, own=False) for entry in _sql_files(shipped)]
    if folder().is_dir():
        found += [_read(entry, own=True) for entry in _sql_files(folder())]
    return {one.name: one for one in sorted(found, key=lambda one: (one.name, one.own))}


def hunt_named(name: str) -> Hunt:
    """Give one hunt; UsageError names what was probably meant."""
    known = hunts()
    toml.known(name, known, "hunt", Where("hunt"))
    return known[name]


def folder() -> Path:
    """Give the folder of the user's own hunts."""
    return data_folder() / "hunts"


def save(one: Hunt) -> Path:
    """Write a hunt of the user's own; gives its place."""
    if not NAME.fullmatch(one.name):
        todo = "small letters, digits and _, beginning with a letter"
        raise UsageError(f"{one.name!r} is no name for a hunt", todo=todo)
    place = folder() / f"{one.name}.sql"
    durable.make_directory(place.parent)
    head = "".join(
        f"-- {word}: {' '.join(text.split())}\n"
        for word, text in (("title", one.title), ("why", one.why))
        if text
    )
    durable.write(place, lambda file: file.write(f"{head}{one.sql.strip()}\n".encode()))
    return place


def _sql_files(place: Traversable) -> list[Traversable]:
    return sorted(
        (entry for entry in place.iterdir() if entry.name.endswith(".sql") and entry.is_file()),
        key=lambda entry: entry.name,
    )


def _read(entry: Traversable, *, own: bool) -> Hunt:
    with entry.open("rb") as stream:
        text = stream.read(MOST_BYTES).decode("utf-8", "replace")
    facts = {"title": "", "why": ""}
    word = ""
    lines = text.splitlines()
    while lines and lines[0].startswith("--"):
        said = lines.pop(0).removeprefix("--").strip()
        head, colon, rest = said.partition(":")
        if colon and head in facts:
            word, said = head, rest.strip()
        if word:
            facts[word] = f"{facts[word]} {said}".strip()
    name = entry.name.removesuffix(".sql")
    return Hunt(name, facts["title"] or name, facts["why"], "\n".join(lines).strip(), own)
