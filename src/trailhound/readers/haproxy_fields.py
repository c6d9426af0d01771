"""What the request and the captured headers of an HAProxy record say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.readers.request_urls import parts_of

if TYPE_CHECKING:
    from trailhound.model.batch import Column, Value

MADE_NAMES = ("method", "uri", "path", "query", "version", "host", "user_agent")

_REQUEST = re.compile(r"([A-Za-z_-]{1,32}) (\S+)(?: (HTTP/\d(?:\.\d)?))?\Z")
_ENCODED = re.compile(r"#([0-9A-F]{2})")
_AGENT = re.compile(r"[A-Za-z][\w.+-]{1,40}/v?\d")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,16}(?::\d{1,5})?\Z")


def made_columns(columns: dict[str, Column]) -> dict[str, Column]:
    """Take requests apart and find agent and host among the captured headers.

    HAProxy logs captured headers without their names: what looks like `Name/1.0` is the agent,
    what looks like a name of a host is the host.
    """
    pairs = list(zip(columns["http_request"], columns["captured_request_headers"], strict=True))
    headers = {value: _headers(value) for value in dict.fromkeys(value for _, value in pairs)}
    known = {pair: _parts(pair[0], *headers[pair[1]]) for pair in dict.fromkeys(pairs)}
    parts = zip(*(known[pair] for pair in pairs), strict=True)
    return {name: list(part) for name, part in zip(MADE_NAMES, parts, strict=True)}


def _parts(request: Value, host: str | None, agent: str | None) -> tuple[str | None, ...]:
    *parts, asked = _request(request)
    return *parts, host or asked, agent


def _request(value: Value) -> tuple[str | None, ...]:
    """Give method, address, path, query, version and host; `<BADREQ>` is none of them."""
    match = _REQUEST.match(value) if isinstance(value, str) else None
    if match is None:
        return None, None if value == "<BADREQ>" else _plain(value), None, None, None, None
    method, written, version = match.groups()
    uri = _decoded(written)
    url = parts_of(uri)
    return method, uri, url.path, url.query, version, url.host


def _plain(value: Value) -> str | None:
    return _decoded(value) if isinstance(value, str) else None


def _headers(value: Value) -> tuple[str | None, str | None]:
    texts = [_decoded(text) for text in str(value or "").split("|")]
    agent = next((text for text in texts if _AGENT.match(text)), None)
    host = next((text for text in texts if text != agent and _HOST.match(text)), None)
    return parts_of(host).host, agent


def _decoded(text: str) -> str:
    """Undo HAProxy's escaping, `#7C` for `|`."""
    return _ENCODED.sub(lambda match: chr(int(match[1], 16)), text) if "#" in text else text
