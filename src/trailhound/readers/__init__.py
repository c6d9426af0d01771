"""Readers, one file per input format. Order matters only between equal bids: the first one wins."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from trailhound.model.limits import Budget
from trailhound.readers import mapping
from trailhound.readers.line_forms import Restored, form_of, restored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.source import Source
    from trailhound.readers.reader import Reader
    from trailhound.readers.user_mapping import UserMapping

BUILTIN: tuple[str, ...] = (
    "trailhound.readers.windows_evtx",
    "trailhound.readers.pcap",
    "trailhound.readers.splunk_export",
    "trailhound.readers.windows_json",
    "trailhound.readers.windows_xml",
    "trailhound.readers.aws_cloudtrail",
    "trailhound.readers.m365_audit",
    "trailhound.readers.google_workspace",
    "trailhound.readers.cloud_json",
    "trailhound.readers.entra",
    "trailhound.readers.zeek_tsv",
    "trailhound.readers.zeek_json",
    "trailhound.readers.auditd",
    "trailhound.readers.suricata",
    "trailhound.readers.vpc_flow",
    "trailhound.readers.nfdump",
    "trailhound.readers.umbrella",
    "trailhound.readers.windows_dns",
    "trailhound.readers.windows_dhcp",
    "trailhound.readers.bind",
    "trailhound.readers.unbound",
    "trailhound.readers.kea",
    "trailhound.readers.dnsmasq",
    "trailhound.readers.dhcpd",
    "trailhound.readers.filterlog",
    "trailhound.readers.cef",
    "trailhound.readers.leef",
    "trailhound.readers.fortigate",
    "trailhound.readers.panos",
    "trailhound.readers.cisco",
    "trailhound.readers.exchange",
    "trailhound.readers.w3c",
    "trailhound.readers.squid",
    "trailhound.readers.haproxy",
    "trailhound.readers.sysmon_linux",
    "trailhound.readers.iptables",
    "trailhound.readers.aws_access",
    "trailhound.readers.journald",
    "trailhound.readers.journald_export",
    "trailhound.readers.exim",
    "trailhound.readers.sendmail",
    "trailhound.readers.syslog",
    "trailhound.readers.web_access",
    "trailhound.readers.web_errors",
    "trailhound.readers.web_json",
    "trailhound.readers.postgres",
    "trailhound.readers.mysql",
    "trailhound.readers.mssql_errorlog",
    "trailhound.readers.oracle_text",
    "trailhound.readers.signed_csv",
    "trailhound.readers.generic_json",
    "trailhound.readers.generic_csv",
)
"""Modules, each with a module-level `READER`."""

SURE_BID = 1.0
"""Magic bytes: nobody can bid more, so nobody else is asked."""

MINIMUM_BID = 0.3
"""Below it a source is reported as an unknown format: a wrong reading is worse than none."""


_user: tuple[UserMapping, ...] = ()


@cache
def _reader(name: str) -> Reader:
    """Load one reader; the generic ones with the operator's mappings."""
    module = import_module(name)
    if _user and hasattr(module, "with_mappings"):
        return cast("Reader", module.with_mappings(_user))
    return cast("Reader", module.READER)


def readers() -> Iterator[Reader]:
    """Give all readers, each loaded when it is asked for: most evidence needs few."""
    return map(_reader, BUILTIN)


def install(user: Sequence[UserMapping]) -> None:
    """Use an operator's mappings in this process, instead of those used before."""
    global _user  # noqa: PLW0603  # one set of readers a process, chosen at its start
    if tuple(user) != _user:
        _user = tuple(user)
        _reader.cache_clear()
        mapping.install([one.mapping for one in _user])


def choose(source: Source) -> Reader | None:
    """Give the reader that bids most for a source, or None for an unknown format."""
    form = form_of(source.head)
    if form is None:
        return _bidden(source)
    reader = _bidden(restored(source, form, Budget()))
    return None if reader is None else Restored(reader, form)


def _bidden(source: Source) -> Reader | None:
    path = source.name.rpartition("!")[2]
    best, chosen = 0.0, None
    for reader in readers():
        bid = reader.sniff(source.head, path)
        if bid > best:
            best, chosen = bid, reader
        if bid >= SURE_BID:
            break
    return chosen if best >= MINIMUM_BID else None
