"""What BIND, dnsmasq and unbound write about queries and answers.

Names lose the final dot. Texts: BIND 9 Administrator Reference Manual (logging), dnsmasq's and
unbound's manual pages.
"""

from __future__ import annotations

import re
from typing import Any

BIND_NAMES = (
    "category", "level", "event", "client_ip", "client_port", "view", "query", "query_class",
    "query_type", "flags", "server_ip", "rcode", "reason",
)  # fmt: skip
DNSMASQ_NAMES = (
    "event", "serial", "client_ip", "client_port", "query", "query_type", "answer", "rcode",
    "server_ip", "source",
)  # fmt: skip
UNBOUND_NAMES = (
    "event", "level", "client_ip", "client_port", "query", "query_type", "query_class", "rcode",
    "duration_us", "cached", "size", "reason",
)  # fmt: skip

_LEVEL = r"(?:(?P<level>info|notice|warning|error|critical|debug \d{1,2}): )?"
_LEAD = re.compile(rf"(?:(?P<category>[a-z][a-z-]{{2,31}}): )?{_LEVEL}")
_CLIENT = re.compile(
    r"client (?:@0x[0-9a-f]{1,16} )?(?P<client_ip>[0-9A-Fa-f:.%]{2,64})#(?P<client_port>\d{1,5})"
    r"(?:/key \S{1,255})?(?: \((?P<name>[^)]*)\))?: (?:view (?P<view>[^:\s]{1,128}): )?"
)
_QUERY = re.compile(
    r"query: (?P<query>\S+) (?P<query_class>\S+) (?P<query_type>\S+)(?: (?P<flags>[-+]\S*))?"
    r"(?: \((?P<server_ip>[^)\s]*)\))?"
)
_FAILED = re.compile(
    r"query failed \((?P<reason>[^)]*)\) for (?P<query>[^\s/]+)/(?P<query_class>[^\s/]+)/"
    r"(?P<query_type>\S+)"
)
_DENIED = re.compile(
    r"(?:query|update|zone transfer|request)(?: \(cache\))? '(?P<query>[^'/]*)"
    r"(?:/(?P<query_type>[^'/]*)/(?P<query_class>[^']*))?' denied(?: (?P<reason>.*))?"
)
_RPZ = re.compile(
    r"(?:disabled )?rpz (?P<reason>\S+ \S+) rewrite (?P<query>[^\s/]+)(?:/(?P<query_type>[^\s/]+))?"
)
_TRANSFER = re.compile(
    r"transfer of '(?P<query>[^'/]*)(?:/(?P<query_class>[^']*))?': (?P<query_type>[AI]XFR) "
    r"(?P<reason>.*)"
)
_BIND_EVENTS = (
    ("query: ", "query", _QUERY), ("query failed", "query_failed", _FAILED),
    ("transfer of", "transfer", _TRANSFER), ("rpz", "rewritten", _RPZ),
    ("disabled rpz", "rewritten", _RPZ), ("", "denied", _DENIED),
)  # fmt: skip

_DNSMASQ = re.compile(
    r"(?:(?P<serial>\d{1,10}) (?P<client>[0-9A-Fa-f:.%]{2,64})/(?P<client_port>\d{1,5}) )?"
    r"(?P<source>[a-z][a-z-]{1,31}(?: blocked)?|/\S{1,255})(?:\[(?P<query_type>[^\]\s]{1,64})\])? "
    r"(?P<query>\S{1,1024}) (?P<word>from|to|is) (?P<value>.*)"
)
_DNSMASQ_EVENTS = {
    "query": "query",
    "forwarded": "forwarded",
    "auth": "query",
    "dnssec-query": "forwarded",
}
_DNSMASQ_CODES = {"NXDOMAIN", "SERVFAIL", "REFUSED", "NODATA", "NODATA-IPv4", "NODATA-IPv6"}

_UNBOUND = re.compile(
    r"(?:\[\d{1,10}(?::[0-9a-f]{1,4})?\] )?(?P<level>info|query|reply|debug|notice|warning|error): "
)
_QUESTION = (
    r"(?P<query>\S{1,1024}) (?P<query_type>[A-Z][A-Z0-9-]{0,15}) (?P<query_class>[A-Z]{2,8}\d{0,5})"
)
_ASKED = re.compile(
    rf"(?P<client_ip>[0-9A-Fa-f:.%]{{2,64}}) {_QUESTION}(?: (?P<rcode>[A-Z]{{2,10}}\d{{0,5}}) "
    r"(?P<seconds>[\d.]{1,20}) (?P<cached>[01]) (?P<size>\d{1,10}))?\s*\Z"
)
_LOCAL = re.compile(
    r"\S{1,1024} (?P<reason>[a-z_]{3,32}) (?P<client_ip>[0-9A-Fa-f:.%]{2,64})@"
    rf"(?P<client_port>\d{{1,5}}) {_QUESTION}\s*\Z"
)


def bind(message: str) -> dict[str, Any]:
    """Give the fields of one message, with or without category and severity in front."""
    lead = _LEAD.match(message)
    place = lead.end() if lead else 0
    fields: dict[str, Any] = lead.groupdict() if lead else {}
    if client := _CLIENT.match(message, place):
        place = client.end()
        fields |= client.groupdict()
        fields["query"] = fields.pop("name")
        fields["client_port"] = int(fields["client_port"])
    for start, event, pattern in _BIND_EVENTS:
        if message.startswith(start, place) and (found := pattern.match(message, place)):
            fields |= {k: v for k, v in found.groupdict().items() if v}
            fields["event"] = event
            if event == "query_failed":
                fields["rcode"] = fields["reason"]
            break
    return _settled(fields)


def dnsmasq(message: str) -> dict[str, Any]:
    """Give the fields of one message; `source` is what answered: reply, cached, config, a file."""
    found = _DNSMASQ.match(message)
    if found is None:
        return {}
    word, value = found["word"], found["value"]
    source = found["source"]
    fields: dict[str, Any] = {
        "event": _DNSMASQ_EVENTS.get(source, "answer"), "source": source, "query": found["query"],
        "query_type": found["query_type"], "serial": found["serial"], "client_ip": found["client"],
    }  # fmt: skip
    if found["client_port"]:
        fields["client_port"] = int(found["client_port"])
    if word == "from":
        fields["client_ip"] = value
    elif word == "to":
        fields["server_ip"] = value.partition("#")[0]
    elif value in _DNSMASQ_CODES:
        fields["rcode"] = value
    else:
        fields |= {"answer": value, "rcode": "NOERROR"}
    return _settled(fields)


def unbound(message: str) -> dict[str, Any]:
    """Give the fields of one message: a query, a reply, or what a local zone did."""
    lead = _UNBOUND.match(message)
    if lead is None:
        return {}
    found = _ASKED.match(message, lead.end())
    if found is None:
        local = _LOCAL.match(message, lead.end())
        fields: dict[str, Any] = local.groupdict() if local else {}
        if local:
            fields |= {"event": "local_zone", "client_port": int(local["client_port"])}
        return _settled(fields | {"level": lead["level"]})
    fields = found.groupdict()
    seconds = fields.pop("seconds")
    fields["event"] = "answer" if seconds else "query"
    if seconds:
        fields["duration_us"] = _micros(seconds)
        fields["size"] = int(fields["size"])
    return _settled(fields | {"level": lead["level"]})


def _micros(seconds: str) -> int | None:
    try:
        return round(float(seconds) * 1_000_000)
    except (ValueError, OverflowError):
        return None


def _settled(fields: dict[str, Any]) -> dict[str, Any]:
    query = fields.get("query")
    if query and len(query) > 1:
        fields["query"] = query.removesuffix(".")
    return fields
