"""The parts of addresses that proxies and balancers log whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Column, Value

_URL = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]{0,31})://)?([^/?#]{0,512})([^?]*)(?:\?(.*))?", re.DOTALL
)
_PORT = re.compile(r":(\d{1,5})\Z")
_STANDARD = {"http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"}
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,16})\Z")
URL_NAMES = ("@host", "@port", "@path", "@query", "@extension")


class Url(NamedTuple):
    """The parts of an address; None where it has none."""

    host: str | None
    port: str | None
    path: str | None
    query: str | None
    extension: str | None


def url_columns(urls: Sequence[Value]) -> dict[str, Column]:
    """Give the parts of addresses as columns named `URL_NAMES`; equal ones are parted once."""
    known = {url: parts_of(url) for url in dict.fromkeys(map(_text, urls))}
    parts = zip(*(known[_text(url)] for url in urls), strict=True)
    return {name: list(part) for name, part in zip(URL_NAMES, parts, strict=True)}


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def parts_of(url: str | None) -> Url:
    """Take `http://host:8080/path.php?query`, `host:443` (of CONNECT) or `/path` apart."""
    match = _URL.match(url) if url and url != "-" else None
    if match is None:
        return Url(None, None, None, None, None)
    scheme, host, path, query = match.groups()
    host = host.rpartition("@")[2]
    port = _PORT.search(host)
    number = port[1] if port else _STANDARD.get((scheme or "").lower())
    name = host[: port.start()] if port else host
    if ":" in name and name[:1] != "[":
        name = ""  # `error:invalid-request` and the like name no host
    ending = _EXTENSION.search(path)
    return Url(
        name.strip("[]") or None, number, path or None, query or None, ending[1] if ending else None
    )
