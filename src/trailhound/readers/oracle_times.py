"""Times as Oracle writes them, `04-NOV-26 08.12.01.123456 AM +01:00`, turned into ISO.

Files have `Wed Nov  4 08:12:01 2026 +01:00`.

Source: Oracle Database SQL Language Reference, datetime format models: the default of
NLS_TIMESTAMP_TZ_FORMAT.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trailhound.model.batch import Column, Value

_ORACLE = re.compile(
    r"(\d{1,2})-([A-Z]{3})-(\d{4}|\d\d) (\d{1,2})[.:](\d\d)[.:](\d\d)(?:[.,](\d{1,9}))?"
    r"(?: ([AP]M))?(?: ?([+-]\d\d:\d\d|UTC|Z))?\Z",
    re.IGNORECASE,
)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

_ASCTIME = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})(?: ([+-]\d\d:\d\d))?\Z"
)


def asctime(text: str) -> str:
    """Turn `Wed Nov  4 08:12:01 2026 +01:00`; other text stays."""
    match = _ASCTIME.match(text)
    if match is None or match[1].upper() not in _MONTHS:
        return text
    month = _MONTHS.index(match[1].upper()) + 1
    return f"{match[4]}-{month:02}-{int(match[2]):02}T{match[3]}{match[5] or ''}"


def iso_times(values: Column) -> Column:
    """Turn those of a column that have Oracle's form; others stay."""
    known: dict[Value, Value] = {}
    made: Column = []
    for value in values:
        if not isinstance(value, str) or value[:4].isdigit():
            made.append(value)
            continue
        if value not in known:
            known[value] = iso_time(value)
        made.append(known[value])
    return made


def iso_time(text: str) -> str:
    """Turn one time; two digits of a year are of this century. Other text stays."""
    match = _ORACLE.match(text.strip())
    month = match[2].upper() if match else ""
    if match is None or month not in _MONTHS:
        return text
    day, _, year, hour, minute, second, fraction, half, zone = match.groups()
    hours = int(hour) % 12 + 12 * (half.upper() == "PM") if half else int(hour)
    date = f"{year if len(year) == 4 else '20' + year}-{_MONTHS.index(month) + 1:02}-{int(day):02}"
    return f"{date}T{hours:02}:{minute}:{second}.{fraction or '0'}{zone or ''}"
