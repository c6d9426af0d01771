"""What the message of a syslog line says, as columns made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailhound.readers import (
    cisco_messages,
    dhcp_messages,
    dns_messages,
    mta_messages,
    pf_messages,
)
from trailhound.readers.syslog_mail import DOVECOT_NAMES, POSTFIX_NAMES, dovecot, postfix
from trailhound.readers.syslog_programs import NAMES, parser_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailhound.model.batch import Column
    from trailhound.readers.column_batch import Late

    Parser = Callable[[str], dict[str, Any]]

_PARSERS: dict[str, tuple[tuple[str, ...], Parser]] = {
    "postfix": (POSTFIX_NAMES, postfix),
    "dovecot": (DOVECOT_NAMES, dovecot),
    "mail.exim": (mta_messages.EXIM_NAMES, mta_messages.exim),
    "mail.sendmail": (mta_messages.SENDMAIL_NAMES, mta_messages.sendmail),
    "dns.bind": (dns_messages.BIND_NAMES, dns_messages.bind),
    "dns.dnsmasq": (dns_messages.DNSMASQ_NAMES, dns_messages.dnsmasq),
    "dns.unbound": (dns_messages.UNBOUND_NAMES, dns_messages.unbound),
    "dhcp.dnsmasq": (dhcp_messages.NAMES, dhcp_messages.dnsmasq),
    "dhcp.isc": (dhcp_messages.NAMES, dhcp_messages.isc),
    "dhcp.kea": (dhcp_messages.NAMES, dhcp_messages.kea),
    "firewall.pf": (pf_messages.NAMES, pf_messages.filterlog),
}
_CISCO = frozenset(("firewall.cisco_asa", "cisco.ios"))


def late_fields(kind: str, program: str, columns: dict[str, Column]) -> dict[str, Late]:
    """Name the columns parsed from the message of this program, and what makes them."""
    names, parse = _PARSERS.get(kind) or (NAMES, parser_of(program))
    if kind in _CISCO:
        names, parse = cisco_messages.NAMES, cisco_messages.parser_of(program)

    def make() -> dict[str, Column]:
        rows = [parse(str(message)) for message in columns["message"]]
        return {name: [row.get(name) for row in rows] for name in names}

    return dict.fromkeys(names, make)
