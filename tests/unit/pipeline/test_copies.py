from __future__ import annotations

import os

import pytest

from trailhound.pipeline.copies import TAIL_BYTES, without_copies
from trailhound.unpack.walk import STANDARD_INPUT, File, files


def told(*paths):
    said = {}
    kept = without_copies(files(paths, lambda *_: None), lambda name, o: said.update({name: o}))
    return [file.name for file in kept], {name: oddity.detail for name, oddity in said.items()}


def test_copies_are_read_once_and_said(tmp_path):
    for name, content in {"a": b"one", "b": b"two", "c": b"one", "d": b"longer"}.items():
        (tmp_path / name).write_bytes(content)
    kept, said = told(tmp_path)
    root = tmp_path.name
    assert kept == [f"{root}/a", f"{root}/b", f"{root}/d"]
    assert said == {f"{root}/c": f"the same bytes as {root}/a, read once"}


def test_the_same_end_is_not_the_same_file(tmp_path):
    end = b"x" * TAIL_BYTES
    (tmp_path / "a").write_bytes(b"1" + end)
    (tmp_path / "b").write_bytes(b"2" + end)
    kept, said = told(tmp_path)
    assert len(kept) == 2
    assert not said


def test_overlapping_paths_are_one(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a").write_bytes(b"text")
    kept, said = told(tmp_path / "in", tmp_path / "in/a", tmp_path / "in/../in")
    assert kept == ["in/a"]
    assert len(said) == 2


def test_empty_and_unreadable_things_are_left_to_the_reading(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").write_bytes(b"")
    kept, said = told(tmp_path)
    assert (len(kept), said) == (2, {})
    gone = File("gone", tmp_path / "gone")
    piped = File("stdin", STANDARD_INPUT)
    assert without_copies([gone, piped], lambda *_: None) == [gone, piped]


@pytest.mark.skipif(not hasattr(os, "link"), reason="no hard links here")
def test_hard_links_are_one(tmp_path):
    (tmp_path / "a").write_bytes(b"text")
    os.link(tmp_path / "a", tmp_path / "b")
    kept, said = told(tmp_path)
    assert (len(kept), len(said)) == (1, 1)
