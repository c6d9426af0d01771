"""What is spoken on a connection, by its first payload or its port, and what reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.readers.pcap_dns import DnsDatagrams, DnsStream
from trailhound.readers.pcap_http import Http
from trailhound.readers.pcap_packets import TCP, UDP
from trailhound.readers.pcap_tls import Tls

if TYPE_CHECKING:
    from trailhound.readers.pcap_flow import Analyser, Flow
    from trailhound.readers.pcap_stream import Room

DNS_PORTS = frozenset({53, 5353, 5355})
UDP_PORTS = {67: "dhcp", 68: "dhcp", 88: "krb", 123: "ntp", 161: "snmp", 389: "ldap", 514: "syslog",
             1812: "radius", 5060: "sip"}  # fmt: skip
_REQUEST = re.compile(rb"[A-Z][A-Z_-]{2,19} (?:/|\*|https?:|[\w.\[\]:-]+:\d)")
_BANNERS = (
    (re.compile(rb"SSH-[12]\."), "ssh"),
    (re.compile(rb"....[\xfe\xff]SMB", re.DOTALL), "smb"),
    (re.compile(rb"\x03\x00..[\x0e-\xff]\xe0", re.DOTALL), "rdp"),
    (re.compile(rb"220[ -][^\r\n]{0,200}(?:SMTP|Postfix|Exim|ESMTP)"), "smtp"),
    (re.compile(rb"220[ -][^\r\n]{0,200}FTP"), "ftp"),
    (re.compile(rb"\* OK "), "imap"),
    (re.compile(rb"\+OK "), "pop3"),
    (re.compile(rb"RFB 00"), "rfb"),
)


def service_of(flow: Flow, data: bytes) -> str:
    """Name a service that is not looked into; "" when nothing tells."""
    if flow.protocol == UDP:
        return UDP_PORTS.get(_server_port(flow), "")
    if flow.protocol != TCP:
        return ""
    return next((name for pattern, name in _BANNERS if pattern.match(data)), "")


def analyser_for(flow: Flow, side: int, data: bytes, room: Room) -> Analyser | None:
    """Give what understands a connection whose first payload this is, None when nothing does."""
    if flow.protocol == UDP:
        ports = flow.identity()
        known = DNS_PORTS & {ports["id.orig_p"], ports["id.resp_p"]}
        return DnsDatagrams(flow) if known else None
    if flow.protocol != TCP:
        return None
    if data[0] == 22 and data[1:2] == b"\x03" and len(data) > 5:
        return Tls(flow, side, room)
    if data.startswith(b"HTTP/1.") or _asks(data):
        return Http(flow, side, room)
    if _server_port(flow) == 53 and len(data) >= 2:
        return DnsStream(flow, side, room)
    return None


def _asks(data: bytes) -> bool:
    """Tell whether an HTTP request begins here; a long first line may end in a later packet."""
    line, newline, _ = data.partition(b"\n")
    return bool(_REQUEST.match(line)) and (not newline or b" HTTP/1." in line)


def _server_port(flow: Flow) -> int:
    return int(str(flow.identity()["id.resp_p"]))
