"""What ISC dhcpd, Kea and dnsmasq write about leases: who got which address.

Texts: the servers' own; addresses of cards stay as written.
"""

from __future__ import annotations

import re
from typing import Any

NAMES = ("event", "ip", "mac", "client_name", "interface", "reason", "transaction", "lease_seconds")

_MAC = r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5,19}"
_ISC = re.compile(
    rf"(?P<event>(?:DHCP|BOOT)[A-Z]+)(?: (?:on|for|of) (?P<ip>\S+)(?: \([^)\s]*\))?)?"
    rf"(?: (?:from|to) (?:(?P<mac>{_MAC})|(?P<peer>[0-9A-Fa-f:.]+)))?"
    r"(?: \((?P<client_name>[^)]*)\))?"
    r"(?: via (?P<interface>[^\s:]+))?(?:(?:: | \()(?P<reason>[^)]*)\)?)?"
)
_DNSMASQ = re.compile(
    r"(?:(?P<transaction>\d{1,10}) )?(?P<event>(?:DHCP|BOOTP|RTR-|SLAAC)[A-Z-]*)"
    rf"(?:\((?P<interface>[^)]*)\))?(?: (?P<ip>(?!{_MAC})[0-9A-Fa-f]*[.:][0-9A-Fa-f:.]+))?"
    rf"(?: (?P<mac>{_MAC}))?(?: (?P<client_name>\S+))?(?: (?P<reason>\S.*))? ?\Z"
)
_KEA = re.compile(r"(?:[A-Z]+ +)?(?:\[[^\]]*\] )?(?P<event>DHCP[46]_[A-Z0-9_]+) (?P<rest>.*)")
_KEA_MAC = re.compile(rf"hwtype=\d+ (?P<mac>{_MAC})")
_KEA_LEASE = re.compile(
    r"lease (?P<ip>[0-9A-Fa-f:.]+) has been (?P<reason>\w+)(?: for (?P<lease_seconds>\d+) seconds)?"
)
_KEA_TRANSACTION = re.compile(r"tid=(0x[0-9a-f]+)")


def isc(message: str) -> dict[str, Any]:
    """Give the fields of one message of ISC dhcpd."""
    found = _ISC.match(message)
    if found is None:
        return {}
    fields = {name: value for name, value in found.groupdict().items() if value}
    peer = fields.pop("peer", None)
    return {"ip": peer, **fields} if peer else fields


def dnsmasq(message: str) -> dict[str, Any]:
    """Give the fields of one message of dnsmasq's DHCP part."""
    found = _DNSMASQ.match(message)
    return {name: value for name, value in found.groupdict().items() if value} if found else {}


def kea(message: str) -> dict[str, Any]:
    """Give the fields of one message of Kea."""
    found = _KEA.match(message)
    if found is None:
        return {}
    fields: dict[str, Any] = {"event": found["event"]}
    for pattern in (_KEA_MAC, _KEA_LEASE):
        if part := pattern.search(found["rest"], 0, 2_000):
            fields |= {name: value for name, value in part.groupdict().items() if value}
    if transaction := _KEA_TRANSACTION.search(found["rest"], 0, 2_000):
        fields["transaction"] = transaction[1]
    if "lease_seconds" in fields:
        fields["lease_seconds"] = int(fields["lease_seconds"][:12])
    return fields
