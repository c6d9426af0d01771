"""Columns that W3C logs do not have under the names rules use, made of those they have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trailhound.model.batch import Column, Value
    from trailhound.readers.column_batch import Late

    Native = Mapping[str, Sequence[str]]

_HEADERS = {
    "cs-user-agent": "cs(User-Agent)",
    "cs-referer": "cs(Referer)",
    "cs-cookie": "cs(Cookie)",
}
_EMPTY = ("-", "")


def made_columns(kind: str, native: Native) -> dict[str, Late]:
    """Name the columns made for a kind, and what makes each: late, because few are asked for."""
    if not kind.startswith(("webserver.", "proxy.")):
        return {}
    makers: dict[str, Callable[[Native], Column]] = {
        "cs-host": _host,
        "cs-uri-stem": _stem,
        "cs-uri": _uri,
        "c-uri": _url,
    }
    for name, header in _HEADERS.items():
        if header in native:
            makers[name] = partial(_header, header, _DECODERS.get(kind, _as_it_is))
    return {
        name: partial(_made, name, make, native)
        for name, make in makers.items()
        if name not in native
    }


def _made(name: str, make: Callable[[Native], Column], native: Native) -> dict[str, Column]:
    return {name: make(native)}


def _as_it_is(text: str) -> str:
    return text


def _blanks(text: str) -> str:
    """Undo what IIS does to blanks; a plus sign that was one is lost."""
    return text.replace("+", " ")


def _twice(text: str) -> str:
    """Undo what CloudFront does: the value encoded, and its percent signs once more."""
    return unquote(unquote(text))


_DECODERS: dict[str, Callable[[str], str]] = {
    "webserver.iis": _blanks,
    "webserver.cloudfront": _twice,
}


def _header(name: str, decode: Callable[[str], str], native: Native) -> Column:
    known = {value: _value(value, decode) for value in dict.fromkeys(native[name])}
    return [known[value] for value in native[name]]


def _value(text: str, decode: Callable[[str], str]) -> Value:
    return None if text in _EMPTY else decode(text.strip('"'))


def _texts(native: Native, *names: str) -> list[str]:
    """Give the first of these fields that has a value, else an empty text in each row."""
    columns = [native[name] for name in names if name in native]
    if not columns:
        return [""] * len(next(iter(native.values())))
    return [_first(values) for values in zip(*columns, strict=True)]


def _first(values: Sequence[str]) -> str:
    return next((value.strip('"') for value in values if value not in _EMPTY), "")


def _host(native: Native) -> Column:
    return [value or None for value in _texts(native, "x-host-header", "cs(Host)", "r-host")]


def _stem(native: Native) -> Column:
    return [value or None for value in _texts(native, "cs-uri-path")]


def _uri(native: Native) -> Column:
    """Put path and query together; a proxy may log the question mark with the query."""
    stems = _texts(native, "cs-uri-stem", "cs-uri-path")
    queries = _texts(native, "cs-uri-query")
    return [
        (f"{stem}?{query.removeprefix('?')}" if query else stem) or None
        for stem, query in zip(stems, queries, strict=True)
    ]


def _url(native: Native) -> Column:
    """Give the whole address where scheme and host are logged, else what `cs-uri` has."""
    uris = _texts(native, "cs-uri") if "cs-uri" in native else _uri(native)
    schemes = _texts(native, "cs-uri-scheme", "cs-protocol")
    hosts = _texts(native, "cs-host", "x-host-header", "cs(Host)", "r-host")
    return [
        f"{scheme}://{host}{uri or ''}" if scheme and host and "://" not in str(uri) else uri
        for scheme, host, uri in zip(schemes, hosts, uris, strict=True)
    ]
