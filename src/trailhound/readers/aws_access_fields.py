"""The fields of AWS's access logs, and what addresses and requests in them say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.readers.request_urls import parts_of

if TYPE_CHECKING:
    from trailhound.model.batch import Column, Value

MADE_NAMES = (
    "method", "url", "version", "host", "path", "query", "client_ip", "client_port", "target_ip",
    "target_port",
)  # fmt: skip
_REQUEST = re.compile(r"([A-Za-z_-]{1,32}) (\S.*?)(?: (HTTP/\d(?:\.\d)?))?\Z", re.DOTALL)
_PEER = re.compile(r"(\S{1,64}):(\d{1,5})\Z")


@dataclass(frozen=True, slots=True)
class Format:
    """One log.

    Attributes:
        kind: the log kind.
        start: how its lines begin.
        least: how many values the oldest form of it has.
        names: its fields in order.
        time: the field with the time.
        request: the field with the request, empty for none.
        peers: the fields with client and target.
        loose: values may hold quotation marks as clients sent them.
    """

    kind: str
    start: re.Pattern[str]
    least: int
    names: tuple[str, ...]
    time: str
    request: str = ""
    peers: tuple[str, str] = ("", "")
    loose: bool = False


_BALANCED = (
    "elb", "client:port", "target:port", "request_processing_time", "target_processing_time",
    "response_processing_time", "elb_status_code", "target_status_code", "received_bytes",
    "sent_bytes", "request", "user_agent", "ssl_cipher", "ssl_protocol",
)  # fmt: skip
_PEERS = ("client:port", "target:port")
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"

FORMATS = {
    known.kind: known
    for known in (
        Format(
            "aws.s3access",
            re.compile(
                r"\S{1,128} \S{1,255} \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \S"
            ),
            17,
            (
                "bucketowner", "bucket_name", "requestdatetime", "remoteip", "requester",
                "requestid", "operation", "key", "request_uri", "httpstatus", "errorcode",
                "bytessent", "objectsize", "totaltime", "turnaroundtime", "referrer", "useragent",
                "versionid", "hostid", "sigv", "ciphersuite", "authtype", "endpoint", "tlsversion",
                "accesspointarn", "aclrequired",
            ),
            "requestdatetime",
            "request_uri",
            ("remoteip", ""),
            loose=True,
        ),
        Format(
            "aws.alb",
            re.compile(rf"(?:https?|h2|grpcs|wss?) {_STAMP}"),
            18,
            (
                "type", "time", *_BALANCED, "target_group_arn", "trace_id", "domain_name",
                "chosen_cert_arn", "matched_rule_priority", "request_creation_time",
                "actions_executed", "redirect_url", "error_reason", "target_port_list",
                "target_status_code_list", "classification", "classification_reason",
                "conn_trace_id",
            ),
            "time",
            "request",
            _PEERS,
        ),
        Format(
            "aws.nlb",
            re.compile(rf"tls \d\.\d {_STAMP}"),
            11,
            (
                "type", "version", "time", "elb", "listener", "client:port", "target:port",
                "connection_time", "tls_handshake_time", "received_bytes", "sent_bytes",
                "incoming_tls_alert", "chosen_cert_arn", "chosen_cert_serial", "tls_cipher",
                "tls_protocol_version", "tls_named_group", "domain_name", "alpn_fe_protocol",
                "alpn_be_protocol", "alpn_client_preference_list", "tls_connection_creation_time",
            ),
            "time",
            "",
            _PEERS,
        ),
        Format(
            "aws.elb",
            re.compile(rf"{_STAMP}\.\d{{1,9}}Z \S{{1,255}} \S{{1,64}}:\d{{1,5}} "),
            12,
            ("time", *_BALANCED),
            "time",
            "request",
            _PEERS,
        ),
    )
}  # fmt: skip


def made_columns(known: Format, columns: dict[str, Column]) -> dict[str, Column]:
    """Take request, client and target apart; equal ones once."""
    rows = len(columns[known.time])
    nothing: Column = [None] * rows
    requests = columns.get(known.request, nothing)
    clients, targets = (columns.get(name, nothing) for name in known.peers)
    asked = {value: _request(value) for value in dict.fromkeys(requests)}
    peers = {value: _peer(value) for value in dict.fromkeys([*clients, *targets])}
    parts = zip(
        *(
            (*asked[request], *peers[client], *peers[target])
            for request, client, target in zip(requests, clients, targets, strict=True)
        ),
        strict=True,
    )
    return {name: list(part) for name, part in zip(MADE_NAMES, parts, strict=True)}


def _request(value: Value) -> tuple[str | None, ...]:
    """Read `GET https://x.example:443/a?b HTTP/1.1`; `- http://x.example:80- -` is no request."""
    match = _REQUEST.match(value) if isinstance(value, str) else None
    if match is None or match[1] == "-":
        return (None,) * 6
    method, url, version = match.groups()
    parts = parts_of(url)
    return method, url, version, parts.host, parts.path, parts.query


def _peer(value: Value) -> tuple[str | None, str | None]:
    text = value if isinstance(value, str) else None
    match = _PEER.match(text) if text else None
    if match is None or (match[1].count(":") > 1 and match[1][:1] != "["):
        return text, None  # an address alone; one of IPv6 holds colons itself
    return match[1].strip("[]"), match[2]
