from __future__ import annotations

import tomllib

import msgspec
import pytest

from trailhound.model.errors import ConfigError
from trailhound.text import toml


class Part(msgspec.Struct, frozen=True):
    depth: int = 1
    names: tuple[str, ...] = ()
    day: dict[str, str] = {}


class Whole(msgspec.Struct, frozen=True):
    part: Part = Part()
    other: Part = Part()


def load(text: str) -> Whole:
    return toml.decode(toml.parse("a.toml", text.encode()), Whole)


def error(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(text)
    return caught.value


def test_a_good_file_is_read():
    assert load('\ufeff[part]\ndepth = 3\nnames = ["a"]\n').part == Part(3, ("a",))
    assert load("").part == Part()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[part]\n\ndept = 1\n", 3, "did you mean 'depth'"),
        ("[prt]\ndepth = 1\n", 1, "did you mean 'part'"),
        ("[part]\nzzz = 1\n", 2, "known: day, depth, names"),
        ("other.depth = 1\npart.dept = 2\n", 2, "did you mean 'depth'"),
        ("[other]\ndepth = 1\n[part]\ndepth = 'x'\n", 4, "part.depth: Expected int, got str"),
        ("[part]\n'dep th' = 1\n", 2, "unknown key"),
        ("[part]\nnames = ['a', 2]\n", 2, "part.names: Expected str, got int"),
        ("part = 3\n", 1, "must be a section"),
        ("[part]\ndepth = \n", 2, "Invalid value"),
        ("[part.day]\nx = 1\n", 1, "part.day"),
    ],
)
def test_a_mistake_is_placed(text, line, words):
    found = error(text)
    assert found.where is not None
    assert (found.where.source, found.where.line) == ("a.toml", line)
    assert words in str(found)


def test_bytes_that_are_no_text_are_placed():
    with pytest.raises(ConfigError, match=r"a\.toml:byte 2"):
        toml.parse("a.toml", b"a=\xff")


def test_a_deep_file_is_refused():
    with pytest.raises(ConfigError, match="nested"):
        toml.parse("a.toml", b"a = " + b"[" * 100_000)


@pytest.mark.parametrize(
    "item",
    [
        "plain",
        'a"b\\c',
        "line\nbreak\x00\u202e",
        True,
        7,
        2.5,
        ["a", ["b"]],
        {"a b": "c", "d": [1]},
    ],
)
def test_what_is_written_reads_back(item):
    assert tomllib.loads(f"{toml.key('a key')} = {toml.value(item)}") == {"a key": item}


def test_an_unpaired_surrogate_is_replaced():
    assert tomllib.loads(f"a = {toml.value(chr(0xD800))}") == {"a": "\ufffd"}
