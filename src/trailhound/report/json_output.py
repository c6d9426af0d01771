"""JSON documents and JSON lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from trailhound.report.document import document, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.result import Result

_HALF = re.compile("[\ud800-\udfff]")


def json_document(result: Result) -> Iterator[bytes]:
    """Give the result as one JSON document."""
    yield _encoded(document(result), orjson.OPT_INDENT_2) + b"\n"


def json_lines(result: Result) -> Iterator[bytes]:
    """Give the result as JSON lines, one record each."""
    for record in records(result):
        yield _encoded(record) + b"\n"


def _encoded(value: object, option: int = 0) -> bytes:
    try:
        return orjson.dumps(value, option=option)
    except TypeError:  # halves of characters: no JSON reader need take them, so they become text
        import json

        text = json.dumps(
            value,
            ensure_ascii=False,
            indent=2 if option else None,
            separators=None if option else (",", ":"),
        )
        return _HALF.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text).encode()
