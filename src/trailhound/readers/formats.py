"""What can be read, said for people: `content/formats/*.toml`, one file per reader."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from trailhound.readers.mapping import mappings

if TYPE_CHECKING:
    from trailhound.readers.mapping import Mapping


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reader's formats.

    Attributes:
        reader: `Reader.name`.
        formats: what is read, in one line.
        kinds: the log kinds it gives; one that ends in `*` is a family.
        samples: where the samples it is tested with come from.
        settings: what to switch on so that the source is useful.
    """

    reader: str
    formats: str
    kinds: tuple[str, ...]
    samples: str
    settings: str

    def mappings(self) -> list[Mapping]:
        """Give the mappings that turn its records into rows of tables."""
        found = {
            id(mapping): mapping
            for kind, mapping in sorted(mappings().items())
            if any(_of_family(kind, wanted) for wanted in self.kinds)
        }
        return list(found.values())

    def tables(self) -> list[str]:
        """Give the tables its records may reach."""
        return sorted({block.table for mapping in self.mappings() for block in mapping.blocks})


def _of_family(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted


@cache
def formats() -> tuple[Format, ...]:
    """Give all formats by the name of their reader."""
    folder = files("trailhound.content").joinpath("formats")
    found = [
        msgspec.convert(tomllib.loads(entry.read_text("utf-8")), Format)
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda one: one.reader))


def matching(word: str) -> list[Format]:
    """Give the formats that say a word anywhere, without regard to case."""
    wanted = word.lower()
    return [
        one
        for one in formats()
        if wanted in " ".join((one.reader, one.formats, *one.kinds, one.settings)).lower()
    ]
