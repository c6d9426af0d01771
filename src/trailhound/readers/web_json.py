"""Access logs as JSON: nginx with a format of its own, Caddy, Traefik, Apache.

Who writes such a log chooses its names; known are those of nginx's variables, of the examples in
the manuals, and of servers that write JSON themselves. Values stay as logged.
"""

from __future__ import annotations

from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.clf_stamps import Stamps
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import Names, NativeBatch
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.web_access import request_parts
from trailhound.readers.wrapping import Opener, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch, Column, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.native_batch import Maker
    from trailhound.readers.wrapping import Probe

_CLIENT = "remote_addr remote_ip client_ip clientip client_addr remoteAddr ClientHost ClientAddr"
_REQUEST = "request request_uri request_method requestUri uri RequestPath RequestMethod"
_STATUS = "status status_code response_status response DownstreamStatus sc_status"
_PLACES: dict[str, tuple[str, ...]] = {
    "c-ip": (*_CLIENT.split(), "request.remote_ip"),
    "cs-username": ("remote_user", "ClientUsername", "user", "user_id"),
    "cs-referer": (
        "http_referer", "http_referrer", "referer", "referrer", "request_Referer",
        "request.headers.Referer",
    ),
    "cs-user-agent": (
        "http_user_agent", "user_agent", "userAgent", "agent", "request_User-Agent",
        "request.headers.User-Agent",
    ),
    "cs-host": ("http_host", "host", "server_name", "vhost", "RequestHost", "request.host"),
    "sc-status": tuple(_STATUS.split()),
    "sc-bytes": ("body_bytes_sent", "bytes_sent", "bytes", "size", "DownstreamContentSize"),
    "x-forwarded-for": (
        "http_x_forwarded_for", "x_forwarded_for", "xff", "request_X-Forwarded-For",
        "request.headers.X-Forwarded-For",
    ),
    "@line": ("request", "request_line"),
    "@method": ("request_method", "method", "verb", "RequestMethod", "request.method"),
    "@uri": ("request_uri", "requestUri", "uri", "RequestPath", "request.uri", "path", "url"),
    "@query": ("args", "query_string", "query"),
    "@version": ("server_protocol", "protocol", "RequestProtocol", "request.proto"),
    "@stamp": (
        "time_iso8601", "time_local", "@timestamp", "timestamp", "StartUTC", "time", "msec", "ts",
        "date",
    ),
}  # fmt: skip
"""Where a value may be, best first; names that begin with @ are what columns are made of."""
_PARTS = ("@line", "@method", "@uri", "@query", "@version")
_MADE = ("cs-method", "cs-uri", "cs-uri-stem", "cs-uri-query", "cs-version")
_AGENT = (
    "http_user_agent user_agent userAgent agent request_User-Agent User-Agent http_referer "
    "server_protocol RequestProtocol proto"
)
_OPENER = Opener(f"{_CLIENT} request request_uri RequestPath", f"{_REQUEST} {_STATUS}")
_STAMPS = Stamps(UTC)


class WebJson:
    """Reads access logs in which each record is a JSON object."""

    name = "webserver.json"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on client, request, status and agent; less than who knows a product by its names."""
        del path
        names = names_in(head)
        groups = (f"{_CLIENT} remote_ip", _REQUEST, _STATUS, _AGENT)
        return 0.7 if not any(names.isdisjoint(group.split()) for group in groups) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield one batch per stretch of records; those that are no requests stay searchable."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            opened = _OPENER.open(raws, offsets, budget)
            groups = opened.grouped([_is_request(one) for one in opened.probes])
            for served, part in groups.items():
                if served:
                    yield NativeBatch(
                        "webserver.access", {}, source.name, part, NAMES, budget, digest
                    )
                else:
                    yield stranger_batch(part, source, budget, digest)


def _is_request(probe: Probe) -> bool:
    asked, answered = (
        any(_OPENER.value(probe, name) is not None for name in names.split())
        for names in (_REQUEST, _STATUS)
    )
    return asked and answered


def _candidates(name: str) -> tuple[str, ...]:
    return (name, *_PLACES.get(name, ()))


def _maker(name: str) -> Maker | None:
    if name in _MADE:
        return partial(_request_column, place=_MADE.index(name))
    return {"@time": _times, "date": _dates}.get(name)


def _inputs(name: str) -> tuple[str, ...]:
    return _PARTS if name in _MADE else ("@stamp",) if name in ("@time", "date") else ()


def _request_column(batch: NativeBatch, place: int) -> Column:
    """Take a part of the request from its line where there is one, else from its own field."""
    columns = batch.columns(_PARTS)
    made = [_parts(*values) for values in zip(*(columns[name] for name in _PARTS), strict=True)]
    return [parts[place] for parts in made]


def _parts(
    line: Value, method: Value, uri: Value, query: Value, version: Value
) -> tuple[Value, ...]:
    if isinstance(line, str) and line and line[:1] != "{":
        return request_parts(line)
    text = _text(uri)
    if text is None:
        return method, None, None, None, version
    stem, mark, own = text.partition("?")
    asked = own if mark else _text(query)
    whole = f"{stem}?{asked}" if asked else text
    return method, whole, stem, asked or None, version


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) and value not in ("", "-") else None


def _dates(batch: NativeBatch) -> Column:
    return batch.columns(("@stamp",))["@stamp"]


def _times(batch: NativeBatch) -> Column:
    """Give the stamp, that of the common log format as microseconds."""
    return [
        _STAMPS.micros(value.strip("[]")) if isinstance(value, str) and "/" in value[:4] else value
        for value in _dates(batch)
    ]


NAMES = Names(("@time",), ("request_id",), _candidates, _maker, _inputs)
READER = WebJson()
