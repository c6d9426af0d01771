r"""Names that are not text, made text: whoever calls a file `a\xff` must not stop a scan.

Systems give such names with surrogates in the place of bytes (PEP 383); no encoder takes those.
"""

from __future__ import annotations

import re

FIRST_BYTE, LAST_BYTE = 0xDC80, 0xDCFF
"""Surrogates that stand for the bytes 80 to FF."""

_SPECIAL = re.compile(r"[\ud800-\udfff]|\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})")


def text_name(name: str) -> str:
    r"""Write what is not text as `\xNN` (a byte) or `\uNNNN` (half a character).

    A backslash that would look like one of them is written as `\x5c`, so two names never become
    one.
    """
    return name if name.isascii() and "\\" not in name else _SPECIAL.sub(_escaped, name)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if FIRST_BYTE <= code <= LAST_BYTE:
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
