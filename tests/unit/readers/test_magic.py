from __future__ import annotations

import pytest

from trailhound.readers.magic import MAGICS, kind_of, mime_of


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"MZ\x90\x00", "application/x-dosexec"),
        (b"\x7fELF\x02", "application/x-executable"),
        (b"PK\x03\x04x", "application/zip"),
        (bytes(257) + b"ustar", "application/x-tar"),
        (b"....ftypisom", "video/mp4"),
        (b"#!/bin/sh\n", "text/x-shellscript"),
        (b"#!/usr/bin/env python3\n", "text/x-python"),
        (b"#!/opt/x\n", "text/x-script"),
        (b"\n <!DOCTYPE html>", "text/html"),
        (b"plain", ""),
        (b"", ""),
        (b"PK", ""),
    ],
)
def test_first_bytes_tell_the_type(head, mime):
    assert mime_of(head) == mime


def test_every_magic_finds_its_kind():
    for at, magic, kind in MAGICS:
        assert kind_of(bytes(at) + magic) is kind


def test_archives_are_marked():
    packed = {kind.mime for _, _, kind in MAGICS if kind.archive}
    assert {"application/zip", "application/x-rar", "application/gzip"} <= packed
    assert "application/pdf" not in packed
