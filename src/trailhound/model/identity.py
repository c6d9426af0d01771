"""What makes an event the same event wherever and however often it is read."""

from __future__ import annotations

import hashlib

HEAD_DIGEST_BYTES = 1024


def source_digest(head: bytes) -> bytes:
    """Name a source by its first bytes: a log that has grown keeps the ids of its old lines."""
    return hashlib.blake2b(head[:HEAD_DIGEST_BYTES], digest_size=8).digest()


def record_uid(source: bytes, offset: int, record: bytes) -> str:
    """Identify a record of a format without ids of its own: two equal lines are two facts.

    `source` is `source_digest` of the file's head, `offset` the byte offset of the record. The
    record itself is part of the hash: two files may share their first line and nothing else.
    """
    digest = hashlib.blake2b(source, digest_size=10)
    digest.update(offset.to_bytes(8, "little", signed=True))
    digest.update(record)
    return digest.hexdigest()
