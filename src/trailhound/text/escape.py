"""Text that others wrote, made safe to show on a terminal, in a log and in a report."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def printable(text: str) -> str:
    r"""Show every character that does not print itself as `\xNN`, `\uNNNN` or `\UNNNNNNNN`.

    That covers control characters and newlines (forged lines, terminal commands), bidi and
    zero-width marks (names that read backwards), separators that look like a space, and unpaired
    surrogates. A backslash stays as it is: paths of Windows must remain readable, so the text is
    for people only.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def csv_cell(value: str) -> str:
    """Keep a spreadsheet from running a cell: an apostrophe goes before what would be a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
