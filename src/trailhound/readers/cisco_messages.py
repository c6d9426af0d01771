"""What Cisco's ASA, FTD and IOS write: the messages that matter by their number, the rest as text.

Texts: Cisco Secure Firewall ASA Series Syslog Messages; Cisco IOS System Message Guide. A teardown
does not say who opened the connection: the side with the lower port is then taken for the server.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = (
    "message_id", "level", "subsystem", "event", "action", "protocol", "direction",
    "connection_id", "src_interface", "src_ip", "src_port", "dst_interface", "dst_ip", "dst_port",
    "user", "group", "server", "duration_us", "bytes", "bytes_in", "bytes_out", "access_group",
    "command", "url", "assigned_ip", "reason",
)  # fmt: skip
_IP = r"[0-9A-Fa-f:.]{2,45}"
_SIDE = (
    r"(?P<{0}_interface>[^\s:]{{1,64}}):(?P<{0}_ip>[^\s/(]{{1,64}})(?:/(?P<{0}_port>\d{{1,5}}))?"
)
_WHO = r"(?:\([^)\s]{0,128}\))?"
_VPN = rf"Group <(?P<group>[^>]*)> User <(?P<user>[^>]*)> IP <(?P<src_ip>{_IP})> "
_FROM_TO = (
    rf"from (?P<src_ip>{_IP})(?:/(?P<src_port>\d+))? to (?:(?P<dst_interface>[^\s:/]+):)?"
    rf"(?P<dst_ip>{_IP})(?:/(?P<dst_port>\w+))?"
)

Pattern = tuple[str, re.Pattern[str], dict[str, str]]
"""Event, where its fields stand, fields every such message has."""


def _pattern(event: str, text: str, **fixed: str) -> Pattern:
    return event, re.compile(text), fixed


_BUILT = _pattern(
    "connection_built",
    r"Built (?P<direction>inbound|outbound) (?P<protocol>\w+) connection "
    rf"(?P<connection_id>\d+) for {_SIDE.format('src')} \([^)]*\){_WHO} to {_SIDE.format('dst')}",
    action="permitted",
)
_TEARDOWN = _pattern(
    "connection_closed",
    r"Teardown (?P<protocol>\w+) connection (?P<connection_id>\d+) for "
    rf"{_SIDE.format('src')}{_WHO} to {_SIDE.format('dst')}{_WHO} duration (?P<duration_us>[\d:]+) "
    r"bytes (?P<bytes>\d+)(?: (?P<reason>.*))?",
)
_ICMP = _pattern(
    "connection_built",
    r"(?:Built|Teardown) (?:(?P<direction>inbound|outbound) )?(?P<protocol>ICMP\w*) connection "
    rf"for faddr (?P<src_ip>{_IP})/\d+ ?(?:\([^)]*\))? ?gaddr \S+ laddr (?P<dst_ip>{_IP})",
)
_DENY = _pattern(
    "denied",
    rf"Deny (?P<protocol>[\w-]+(?: \d+)?) src {_SIDE.format('src')}{_WHO} dst {_SIDE.format('dst')}"
    r".{0,200}?(?: by access-group \"(?P<access_group>[^\"]*)\")?(?: \[|\Z)",
    action="denied",
)
_ACCESS_LIST = _pattern(
    "access_list",
    r"access-list (?P<access_group>\S+) (?P<action>permitted|denied|est-allowed) (?P<protocol>\S+) "
    rf"(?P<src_interface>[^\s/]+)/(?P<src_ip>{_IP})\((?P<src_port>\d+)\)\S*(?:\([^)]*\))? -> "
    rf"(?P<dst_interface>[^\s/]+)/(?P<dst_ip>{_IP})\((?P<dst_port>\d+)\)",
)
_REFUSED = _pattern(
    "denied",
    rf"(?:Deny |[Ii]nbound |[Oo]utbound ){{0,3}}(?P<protocol>\w{{2,16}}) .{{0,64}}?{_FROM_TO}",
    action="denied",
)
_AAA = (
    r".{0,64}?(?:reason = (?P<reason>[^:]*?) : )?(?:server = +(?P<server>\S+) : |local database : )"
    rf"user = (?P<user>.*?)(?: : user IP = (?P<src_ip>{_IP}))?\Z"
)
_ACCEPTED = _pattern("accepted", _AAA)
_REJECTED = _pattern("failed", _AAA)
_COMMAND = _pattern(
    "command",
    r"User '(?P<user>[^']*)' executed (?:the '|cmd: )(?P<command>.*?)(?:' command\.?)?\Z",
)
_UNAME = rf"(?:IP address: (?P<src_ip>{_IP}), )?Uname: (?P<user>.*)"
_REASON = r"(?P<reason>.*)"
_IDS = _pattern("threat", rf"(?P<reason>.{{0,128}}?) from (?P<src_ip>{_IP}) to (?P<dst_ip>{_IP})")
_PERMITTED = _pattern(
    "permitted", rf"(?P<protocol>TCP|UDP) access permitted {_FROM_TO}", action="permitted"
)
_URL = _pattern(
    "url",
    rf"(?:(?P<user>\S+)@)?(?P<src_ip>{_IP})(?: ?\([^)]*\))? Accessed URL "
    rf"(?P<dst_ip>{_IP}):(?P<url>.*)",
)
_URL_DENIED = _pattern(
    "url",
    rf"Access denied URL (?P<url>\S+) SRC (?P<src_ip>{_IP}) DEST (?P<dst_ip>{_IP})",
    action="denied",
)
_VPN_CLOSED = _pattern(
    "vpn_closed",
    rf"Group = (?P<group>[^,]*), Username = (?P<user>[^,]*), IP = (?P<src_ip>{_IP}), "
    r"Session disconnected\. Session Type: [^,]*, Duration: (?P<duration_us>[^,]*), "
    r"Bytes xmt: (?P<bytes_out>\d+), Bytes rcv: (?P<bytes_in>\d+), Reason: (?P<reason>.*)",
)
_VPN_ADDRESS = _pattern("vpn_address", _VPN + rf"(?:IPv4 )?Address <(?P<assigned_ip>{_IP})>")
_SSH_CLOSED = _pattern(
    "logged_out",
    rf"SSH session from (?P<src_ip>{_IP}) on interface (?P<src_interface>\S+) for user "
    r'"(?P<user>.*?)" disconnected (?P<reason>.*)',
)
_ENABLE_FAILED = _pattern(
    "failed", rf"console enable password incorrect for \d+ tries \(from (?P<src_ip>{_IP})\)"
)
_COMMAND_FROM = _pattern(
    "command",
    rf"User '(?P<user>[^']*)', running '[^']*' from IP (?P<src_ip>{_IP}), "
    r"executed '(?P<command>.*)'",
)
_ATTACKING = _pattern(
    "threat",
    rf"\[? ?(?:Host|Subnet|Object)? ?(?P<src_ip>{_IP})\]? "
    r"(?P<reason>is (?:attacking|targeted).*)",
)
_REFUSALS = (
    "106001", "106002", "106006", "106007", "106010", "106015", "106021", "710003",
)  # fmt: skip

ASA: dict[str, Pattern] = {
    "302013": _BUILT, "302015": _BUILT, "302014": _TEARDOWN, "302016": _TEARDOWN,
    "302020": _ICMP, "302021": _ICMP,
    "106023": _DENY, "106014": _DENY, "106100": _ACCESS_LIST, "106102": _ACCESS_LIST,
    **dict.fromkeys(_REFUSALS, _REFUSED),
    "710002": _PERMITTED, "304001": _URL, "304002": _URL_DENIED,
    "113004": _ACCEPTED, "113012": _ACCEPTED, "113005": _REJECTED, "113015": _REJECTED,
    "113006": _pattern("locked", r"User (?P<user>.*) locked out on exceeding (?P<reason>.*)"),
    "113019": _VPN_CLOSED, "113039": _pattern("vpn_opened", _VPN + _REASON),
    "716001": _pattern("vpn_opened", _VPN + _REASON),
    "716002": _pattern("vpn_closed", _VPN + _REASON),
    "716038": _pattern("accepted", _VPN + _REASON), "716039": _pattern("failed", _VPN + _REASON),
    "722022": _pattern("vpn_transport", _VPN + _REASON),
    "722023": _pattern("vpn_transport", _VPN + _REASON), "722051": _VPN_ADDRESS,
    "605004": _pattern("failed", rf'Login denied {_FROM_TO} for user "(?P<user>.*)"'),
    "605005": _pattern("accepted", rf'Login permitted {_FROM_TO} for user "(?P<user>.*)"'),
    "611101": _pattern("accepted", rf"User authentication succeeded: {_UNAME}"),
    "611102": _pattern("failed", rf"User authentication failed: {_UNAME}"),
    "611103": _pattern("logged_out", r"User logged out: Uname: (?P<user>.*)"),
    "315011": _SSH_CLOSED, "308001": _ENABLE_FAILED,
    "502101": _pattern(
        "user_created", rf"New user added to local dbase: Uname: (?P<user>\S+){_REASON}"),
    "502102": _pattern("user_deleted", r"User deleted from local dbase: Uname: (?P<user>\S+)"),
    "502103": _pattern(
        "user_changed", rf"User priv level changed: Uname: (?P<user>\S+) {_REASON}"),
    "111008": _COMMAND, "111009": _COMMAND, "111010": _COMMAND_FROM,
    "733100": _pattern("threat", r"\[ ?(?P<reason>[^\]]*)\]"), "733101": _ATTACKING,
    **dict.fromkeys((f"4000{number:02}" for number in range(52)), _IDS),
}  # fmt: skip
"""Messages by number."""

_LOGIN = rf"\[user: (?P<user>.*)\] \[Source: (?P<src_ip>{_IP})\]"
_LOGIN_PORT = rf"{_LOGIN} \[localport: (?P<dst_port>\d+)\]"
_CONFIGURED = _pattern(
    "configured",
    rf"Configured from (?P<reason>\S+) by (?P<user>\S+)(?: on \S+)?(?: \((?P<src_ip>{_IP})\))?",
)
_IOS_LIST = _pattern(
    "access_list",
    rf"list (?P<access_group>\S+) (?P<action>permitted|denied) (?P<protocol>\S+) "
    rf"(?P<src_ip>{_IP})(?:\((?P<src_port>\d+)\))?(?: \([^)]*\))? -> "
    rf"(?P<dst_ip>{_IP})(?: ?\((?P<dst_port>\d+)(?:/\d+)?\))?",
)
_EXITED = rf"User (?P<user>\S+) has exited tty session \S+?(?:\((?P<src_ip>{_IP})\))?\Z"
IOS: dict[str, Pattern] = {
    "LOGIN_SUCCESS": _pattern("accepted", f"Login Success {_LOGIN_PORT}"),
    "LOGIN_FAILED": _pattern(
        "failed", rf"Login failed {_LOGIN_PORT}(?: \[Reason: (?P<reason>[^\]]*)\])?"),
    "WEBLOGIN_SUCCESS": _pattern("accepted", f"Login Success {_LOGIN}"),
    "CONFIG_I": _CONFIGURED,
    "CFGLOG_LOGGEDCMD": _pattern(
        "command", r"User:(?P<user>\S*) +logged command:(?P<command>.*)"),
    "LOGOUT": _pattern("logged_out", _EXITED),
    "IPACCESSLOGP": _IOS_LIST, "IPACCESSLOGDP": _IOS_LIST,
}  # fmt: skip
"""Messages by mnemonic."""

_TAG = re.compile(r"%([a-z][a-z0-9_]*)-(?:[a-z0-9_]+-){0,2}?([0-7])-(\w+)\Z")
_LEAD = re.compile(r".{0,160}?%[A-Z][A-Za-z0-9_-]{3,100}: ?")
_PAIR = re.compile(r"(\w{1,64}): ((?:[^,]|,(?! \w{1,64}: ))*)(?:, |\Z)")
_NUMBERS = ("src_port", "dst_port", "bytes", "bytes_in", "bytes_out")
_FTD = {
    "SrcIP": "src_ip", "DstIP": "dst_ip", "SrcPort": "src_port", "DstPort": "dst_port",
    "Protocol": "protocol", "AccessControlRuleAction": "action", "User": "user", "URL": "url",
    "InitiatorBytes": "bytes_out", "ResponderBytes": "bytes_in", "Message": "reason",
    "AccessControlRuleName": "access_group", "InlineResult": "action", "FileName": "url",
}  # fmt: skip
_FTD_EVENTS = {
    "430001": "threat",
    "430002": "flow",
    "430003": "flow",
    "430004": "threat",
    "430005": "threat",
}


@lru_cache(maxsize=4096)
def parser_of(program: str) -> Callable[[str], dict[str, Any]]:
    """Give what reads the messages of one number, which the header shows as the program."""
    tag = _TAG.match(program)
    if tag is None:
        return lambda _message: {}
    level, name = int(tag[2]), tag[3].upper()
    fixed: dict[str, Any] = {"message_id": name, "level": level, "subsystem": tag[1].upper()}
    if name in _FTD_EVENTS:
        return partial(_pairs, fixed | {"event": _FTD_EVENTS[name]})
    return partial(_fields, fixed, ASA.get(name) or IOS.get(name))


def _text(message: str) -> str:
    lead = _LEAD.match(message) if "%" in message[:160] else None
    return message[lead.end() :] if lead else message


def _fields(fixed: dict[str, Any], pattern: Pattern | None, message: str) -> dict[str, Any]:
    found = pattern[1].match(_text(message)) if pattern else None
    if pattern is None or found is None:
        return fixed
    fields = fixed | {"event": pattern[0]} | pattern[2]
    fields |= {name: value for name, value in found.groupdict().items() if value}
    _numbered(fields)
    _turned(fields)
    return fields


def _pairs(fixed: dict[str, Any], message: str) -> dict[str, Any]:
    """Read FTD's own events: `SrcIP: 192.0.2.1, DstIP: ...`."""
    fields = dict(fixed)
    for name, value in _PAIR.findall(_text(message)):
        if name in _FTD and value:
            fields.setdefault(_FTD[name], value)
    _numbered(fields)
    return fields


def _numbered(fields: dict[str, Any]) -> None:
    for name in _NUMBERS:
        text = fields.get(name)
        if text is not None and text.isascii() and text.isdecimal():
            fields[name] = int(text[:18])
    if "duration_us" in fields:
        fields["duration_us"] = _duration(fields["duration_us"])


def _duration(text: str) -> int | None:
    """Read `1:02:03` and `1h:02m:03s` as microseconds, days first where there are four."""
    parts = re.sub("[dhms]", "", text).split(":")
    if not 3 <= len(parts) <= 4 or not all(part.isdecimal() and len(part) < 7 for part in parts):
        return None
    *days, hours, minutes, seconds = map(int, parts)
    whole = sum(days) * 86_400 + hours * 3_600 + minutes * 60 + seconds
    return whole * 1_000_000


def _turned(fields: dict[str, Any]) -> None:
    """Put who opened a connection first: `for outside:server to inside:client` is outbound."""
    if not fields["event"].startswith("connection_"):
        return
    direction = fields.get("direction")
    first, second = fields.get("src_port"), fields.get("dst_port")
    if direction is None and first is not None and second is not None:
        direction = "outbound" if first < second and second >= 1024 else "inbound"
    if direction == "outbound":
        for part in ("interface", "ip", "port"):
            names = f"src_{part}", f"dst_{part}"
            fields[names[0]], fields[names[1]] = fields.get(names[1]), fields.get(names[0])
