"""The secret that pseudonyms are made with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trailhound.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
FEWEST_BYTES = 16
MOST_BYTES = 1024 * 1024


def redaction_key(path: Path | None) -> bytes:
    """Read a key file, or draw a key that nobody keeps: then no two runs agree."""
    if path is None:
        return os.urandom(KEY_BYTES)
    try:
        with path.open("rb") as stream:
            key = stream.read(MOST_BYTES)
    except OSError as error:
        todo = f"make one: head -c {KEY_BYTES} /dev/urandom > {path}"
        raise UsageError(f"cannot read the key {path}: {error.strerror}", todo=todo) from error
    if len(key) < FEWEST_BYTES:
        raise UsageError(
            f"the key {path} has {len(key)} bytes: too easy to guess",
            todo=f"use at least {FEWEST_BYTES} random bytes",
        )
    return key
