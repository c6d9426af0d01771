from __future__ import annotations

import pytest

from trailhound.model.errors import UsageError
from trailhound.pipeline.redaction_key import KEY_BYTES, redaction_key


def test_without_a_file_every_key_is_new():
    assert len(redaction_key(None)) == KEY_BYTES
    assert redaction_key(None) != redaction_key(None)


def test_a_file_is_the_key(tmp_path):
    (tmp_path / "key").write_bytes(b"k" * 20)
    assert redaction_key(tmp_path / "key") == b"k" * 20


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match="make one: head"):
        redaction_key(tmp_path / "none")


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "key").write_bytes(b"secret")
    with pytest.raises(UsageError, match="6 bytes"):
        redaction_key(tmp_path / "key")
