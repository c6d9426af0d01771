from __future__ import annotations

import gzip

import msgspec

from trailhound.model.identity import record_uid, source_digest
from trailhound.pipeline.fingerprints import Fingerprint, fingerprint, fingerprints, known_files
from trailhound.store.records import StoredInput
from trailhound.unpack.walk import File

OLD = b"first line\nsecond line\n"


def print_of(path, beginnings=None):
    return fingerprint(File("a.log", path), beginnings or {})


def registered(name, found, digest=""):
    return StoredInput(digest or found.digest, name, "r", 2, found.size, None, None, {}, False, 1)


def test_a_copy_has_the_same_digest_whatever_its_name(tmp_path):
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_bytes(OLD)
    one, two = fingerprints([tmp_path], [])
    assert (one.digest, one.size) == (two.digest, len(OLD))
    assert known_files([one, two], set()) == {two.name}
    assert known_files([one, two], {one.digest}) == {one.name, two.name}


def test_a_grown_file_is_known_up_to_its_last_whole_line(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(OLD + b"half a li")
    old = print_of(path)
    assert old is not None
    path.write_bytes(OLD + b"half a line\nmore\n")
    (grown,) = fingerprints([path], [registered("a.log", old)])
    assert (grown.beginning, grown.known, grown.reader) == (old.digest, len(OLD), "r")
    assert grown.torn == record_uid(source_digest(OLD + b"half a li"), len(OLD), b"half a li")
    nothing = msgspec.structs.replace(registered("a.log", old), events=0)
    assert fingerprints([path], [nothing])[0].known == 0


def test_the_longest_beginning_counts_and_another_name_none(tmp_path):
    path = tmp_path / "a.log"
    parts = []
    for content in (OLD[:11], OLD, OLD + b"third\n"):
        path.write_bytes(content)
        parts.append(print_of(path))
    first, second, _ = parts
    (grown,) = fingerprints([path], [registered("a.log", second), registered("a.log", first)])
    assert grown.known == len(OLD)
    (other,) = fingerprints([path], [registered("b.log", second)])
    assert (other.beginning, other.known) == ("", 0)


def test_another_beginning_is_another_file(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(OLD + b"more\n")
    assert print_of(path, {len(OLD): {"0" * 32: "r"}}) == print_of(path)
    assert print_of(path, {10_000: {"0" * 32: "r"}}) == print_of(path)


def test_places_are_not_trusted_where_they_are_no_bytes_of_the_file(tmp_path):
    path = tmp_path / "a.log"
    for old in (OLD.decode().encode("utf-16"), b"\x00\x01\n", gzip.compress(OLD)):
        path.write_bytes(old)
        before = print_of(path)
        assert isinstance(before, Fingerprint)
        path.write_bytes(old + OLD)
        assert print_of(path, {len(old): {before.digest: "r"}}).beginning == ""


def test_a_link_or_what_is_no_file_has_no_fingerprint(tmp_path):
    (tmp_path / "real.log").write_bytes(OLD)
    (tmp_path / "link.log").symlink_to(tmp_path / "real.log")
    assert print_of(tmp_path / "real.log") is not None
    assert print_of(tmp_path / "link.log") is None
    assert print_of(tmp_path) is None
    assert print_of(tmp_path / "gone.log") is None
    assert [one.name for one in fingerprints([tmp_path], [])] == [f"{tmp_path.name}/real.log"]


def test_a_file_that_may_not_be_read_has_none(tmp_path, monkeypatch):
    path = tmp_path / "a.log"
    path.write_bytes(OLD)

    def refused(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refused)
    assert print_of(path) is None
