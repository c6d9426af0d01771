from __future__ import annotations

from trailhound.model.identity import HEAD_DIGEST_BYTES, record_uid, source_digest

HEAD = b"first line\n" * 200


def test_a_log_that_has_grown_keeps_its_name():
    assert source_digest(HEAD) == source_digest(HEAD[:HEAD_DIGEST_BYTES])
    assert source_digest(HEAD) == source_digest(HEAD + b"more")
    assert source_digest(HEAD) != source_digest(b"x" + HEAD)


def test_equal_lines_are_two_facts():
    source = source_digest(HEAD)
    assert record_uid(source, 0, b"x") == record_uid(source, 0, b"x")
    assert record_uid(source, 0, b"x") != record_uid(source, 11, b"x")


def test_files_with_one_first_line_are_told_apart_by_their_records():
    source = source_digest(HEAD)
    assert record_uid(source, 11, b"one") != record_uid(source, 11, b"two")
    assert record_uid(source, 0, b"x") != record_uid(source_digest(b"other"), 0, b"x")


def test_ids_outlive_releases():
    """Events count once by their id: a change here makes all old evidence new."""
    assert source_digest(b"abc").hex() == "d8bb14d833d59559"
    assert record_uid(source_digest(b"abc"), 7, b"line") == "6a22c06cda49a373b268"


def test_a_record_without_a_place_has_an_id():
    assert len(record_uid(b"", -1, b"")) == 20
