"""Indicators made unclickable: `hxxps://acrne[.]example/s`, `203.0.113[.]20`, `a[@]b[.]example`."""

from __future__ import annotations

import ipaddress
import re

from trailhound.model.entity import EntityType

_OWN = tuple(
    ipaddress.ip_network(net)
    for net in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "0.0.0.0/32",
        "fc00::/7",
        "fe80::/10",
        "::/127",
    )
)
"""Addresses that lead nowhere from outside: they stay readable."""

_URL = re.compile(r"\b(h)tt(ps?://)([^\s/?#\"'<>]*)", re.IGNORECASE)
_FTP = re.compile(r"\b(f)t(ps?://)([^\s/?#\"'<>]*)", re.IGNORECASE)
_MAIL = re.compile(r"([\w.+%-])@(\w[\w.-]*)")
_IPV4 = re.compile(r"(?<![\w.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})(?!\w|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:.\]])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,40}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])"
)


def defang(text: str) -> str:
    """Defang the URLs, mail addresses and public IP addresses in running text.

    Bare names are left alone, because `sshd.log` and `a.meyer` look like domains; a value that is
    known to be a domain goes through `defang_entity`. A second pass changes nothing.
    """
    text = _URL.sub(lambda m: f"{m[1]}xx{m[2]}{_authority(m[3])}", text)
    text = _FTP.sub(lambda m: f"{m[1]}x{m[2]}{_authority(m[3])}", text)
    text = _MAIL.sub(lambda m: f"{m[1]}[@]{_host(m[2])}", text)
    text = _IPV4.sub(_ipv4, text)
    return _IPV6.sub(_ipv6, text)


def defang_entity(kind: EntityType, value: str) -> str:
    """Defang a value whose kind is known: domains and mailboxes get their last dot bracketed."""
    if kind is EntityType.DOMAIN:
        return _host(value)
    return defang(value)


def is_internal(address: str) -> bool:
    """Say whether a text is an address that leads nowhere from outside."""
    return _is_own(address) is True


def _authority(text: str) -> str:
    user, at, host = text.rpartition("@")
    return f"{user}{'[@]' if at else ''}{_host(host)}"


def _host(name: str) -> str:
    """Bracket the last dot that stands between two characters, of a name or an address."""
    head, dot, tail = name.rstrip(".").rpartition(".")
    if not dot or not head or head.endswith("[") or _is_own(name.partition(":")[0]):
        return name
    return f"{head}[.]{tail}{'.' * (len(name) - len(name.rstrip('.')))}"


def _ipv4(match: re.Match[str]) -> str:
    return match[0] if _is_own(match[0]) else f"{match[1]}[.]{match[2]}"


def _ipv6(match: re.Match[str]) -> str:
    if match[0].count(":") < 2 or _is_own(match[0]) is not False:
        return match[0]
    return match[0].replace(":", "[:]", 1)


def _is_own(address: str) -> bool | None:
    """Say whether an address is internal; None when it is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return any(parsed in net for net in _OWN if net.version == parsed.version)
