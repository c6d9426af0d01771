"""Messages of Cisco's ASA and IOS that have fields: what happened, and where the fields stand.

Texts: Cisco Secure Firewall ASA Series Syslog Messages; Cisco IOS System Message Guide.
"""

from __future__ import annotations

import re

_IP = r"[0-9A-Fa-f:.]{2,45}"
_FIRST = r"(?P<src_interface>[^\s:]{1,64}):(?P<src_ip>[^\s/(]{1,64})(?:/(?P<src_port>\d{1,5}))?"
_SECOND = r"(?P<dst_interface>[^\s:]{1,64}):(?P<dst_ip>[^\s/(]{1,64})(?:/(?P<dst_port>\d{1,5}))?"
_WHO = r"(?:\([^)\s]{0,128}\))?"
_VPN = rf"Group <(?P<group>[^>]*)> User <(?P<user>[^>]*)> IP <(?P<src_ip>{_IP})> "
_FROM_TO = (
    rf"from (?P<src_ip>{_IP})(?:/(?P<src_port>\d+))? to (?:(?P<dst_interface>[^\s:/]+):)?"
    rf"(?P<dst_ip>{_IP})(?:/(?P<dst_port>\w+))?"
)

Pattern = tuple[str, re.Pattern[str], dict[str, str]]
"""Event, where its fields stand, fields every such message has."""


def _pattern(event: str, fields: re.Pattern[str], **fixed: str) -> Pattern:
    return event, fields, fixed


_BUILT = _pattern(
    "connection_built",
    re.compile(
        r"Built (?P<direction>inbound|outbound) (?P<protocol>\w+) connection "
        rf"(?P<connection_id>\d+) for {_FIRST} \([^)]*\){_WHO} to {_SECOND}"
    ),
    action="permitted",
)
_TEARDOWN = _pattern(
    "connection_closed",
    re.compile(
        r"Teardown (?P<protocol>\w+) connection (?P<connection_id>\d+) for "
        rf"{_FIRST}{_WHO} to {_SECOND}{_WHO} duration (?P<duration_us>[\d:]+) "
        r"bytes (?P<bytes>\d+)(?: (?P<reason>.*))?"
    ),
)
_ICMP = _pattern(
    "connection_built",
    re.compile(
        r"(?:Built|Teardown) (?:(?P<direction>inbound|outbound) )?(?P<protocol>ICMP\w*) connection "
        rf"for faddr (?P<src_ip>{_IP})/\d+ ?(?:\([^)]*\))? ?gaddr \S+ laddr (?P<dst_ip>{_IP})"
    ),
)
_DENY = _pattern(
    "denied",
    re.compile(
        rf"Deny (?P<protocol>[\w-]+(?: \d+)?) src {_FIRST}{_WHO} dst {_SECOND}"
        r".{0,200}?(?: by access-group \"(?P<access_group>[^\"]*)\")?(?: \[|\Z)"
    ),
    action="denied",
)
_ACCESS_LIST = _pattern(
    "access_list",
    re.compile(
        r"access-list (?P<access_group>\S+) (?P<action>permitted|denied|est-allowed) "
        rf"(?P<protocol>\S+) (?P<src_interface>[^\s/]+)/(?P<src_ip>{_IP})\((?P<src_port>\d+)\)"
        r"\S*(?:\([^)]*\))? -> "
        rf"(?P<dst_interface>[^\s/]+)/(?P<dst_ip>{_IP})\((?P<dst_port>\d+)\)"
    ),
)
_REFUSED = _pattern(
    "denied",
    re.compile(
        rf"(?:Deny |[Ii]nbound |[Oo]utbound ){{0,3}}(?P<protocol>\w{{2,16}}) .{{0,64}}?{_FROM_TO}"
    ),
    action="denied",
)
_AAA = (
    r".{0,64}?(?:reason = (?P<reason>[^:]*?) : )?(?:server = +(?P<server>\S+) : |local database : )"
    rf"user = (?P<user>.*?)(?: : user IP = (?P<src_ip>{_IP}))?\Z"
)
_ACCEPTED = _pattern("accepted", re.compile(_AAA))
_REJECTED = _pattern("failed", re.compile(_AAA))
_COMMAND = _pattern(
    "command",
    re.compile(
        r"User '(?P<user>[^']*)' executed (?:the '|cmd: )(?P<command>.*?)(?:' command\.?)?\Z"
    ),
)
_UNAME = rf"(?:IP address: (?P<src_ip>{_IP}), )?Uname: (?P<user>.*)"
_REASON = r"(?P<reason>.*)"
_IDS = _pattern(
    "threat", re.compile(rf"(?P<reason>.{{0,128}}?) from (?P<src_ip>{_IP}) to (?P<dst_ip>{_IP})")
)
_PERMITTED = _pattern(
    "permitted",
    re.compile(rf"(?P<protocol>TCP|UDP) access permitted {_FROM_TO}"),
    action="permitted",
)
_URL = _pattern(
    "url",
    re.compile(
        rf"(?:(?P<user>\S+)@)?(?P<src_ip>{_IP})(?: ?\([^)]*\))? Accessed URL "
        rf"(?P<dst_ip>{_IP}):(?P<url>.*)"
    ),
)
_URL_DENIED = _pattern(
    "url",
    re.compile(rf"Access denied URL (?P<url>\S+) SRC (?P<src_ip>{_IP}) DEST (?P<dst_ip>{_IP})"),
    action="denied",
)
_VPN_CLOSED = _pattern(
    "vpn_closed",
    re.compile(
        rf"Group = (?P<group>[^,]*), Username = (?P<user>[^,]*), IP = (?P<src_ip>{_IP}), "
        r"Session disconnected\. Session Type: [^,]*, Duration: (?P<duration_us>[^,]*), "
        r"Bytes xmt: (?P<bytes_out>\d+), Bytes rcv: (?P<bytes_in>\d+), Reason: (?P<reason>.*)"
    ),
)
_VPN_ADDRESS = _pattern(
    "vpn_address", re.compile(_VPN + rf"(?:IPv4 )?Address <(?P<assigned_ip>{_IP})>")
)
_SSH_CLOSED = _pattern(
    "logged_out",
    re.compile(
        rf"SSH session from (?P<src_ip>{_IP}) on interface (?P<src_interface>\S+) for user "
        r'"(?P<user>.*?)" disconnected (?P<reason>.*)'
    ),
)
_ENABLE_FAILED = _pattern(
    "failed",
    re.compile(rf"console enable password incorrect for \d+ tries \(from (?P<src_ip>{_IP})\)"),
)
_COMMAND_FROM = _pattern(
    "command",
    re.compile(
        rf"User '(?P<user>[^']*)', running '[^']*' from IP (?P<src_ip>{_IP}), "
        r"executed '(?P<command>.*)'"
    ),
)
_ATTACKING = _pattern(
    "threat",
    re.compile(
        rf"\[? ?(?:Host|Subnet|Object)? ?(?P<src_ip>{_IP})\]? "
        r"(?P<reason>is (?:attacking|targeted).*)"
    ),
)
_REFUSALS = (
    "106001", "106002", "106006", "106007", "106010", "106015", "106021", "710003",
)  # fmt: skip

ASA: dict[str, Pattern] = {
    "302013": _BUILT,
    "302015": _BUILT,
    "302014": _TEARDOWN,
    "302016": _TEARDOWN,
    "302020": _ICMP,
    "302021": _ICMP,
    "106023": _DENY,
    "106014": _DENY,
    "106100": _ACCESS_LIST,
    "106102": _ACCESS_LIST,
    **dict.fromkeys(_REFUSALS, _REFUSED),
    "710002": _PERMITTED,
    "304001": _URL,
    "304002": _URL_DENIED,
    "113004": _ACCEPTED,
    "113012": _ACCEPTED,
    "113005": _REJECTED,
    "113015": _REJECTED,
    "113006": _pattern(
        "locked", re.compile(r"User (?P<user>.*) locked out on exceeding (?P<reason>.*)")
    ),
    "113019": _VPN_CLOSED,
    "113039": _pattern("vpn_opened", re.compile(_VPN + _REASON)),
    "716001": _pattern("vpn_opened", re.compile(_VPN + _REASON)),
    "716002": _pattern("vpn_closed", re.compile(_VPN + _REASON)),
    "716038": _pattern("accepted", re.compile(_VPN + _REASON)),
    "716039": _pattern("failed", re.compile(_VPN + _REASON)),
    "722022": _pattern("vpn_transport", re.compile(_VPN + _REASON)),
    "722023": _pattern("vpn_transport", re.compile(_VPN + _REASON)),
    "722051": _VPN_ADDRESS,
    "605004": _pattern("failed", re.compile(rf'Login denied {_FROM_TO} for user "(?P<user>.*)"')),
    "605005": _pattern(
        "accepted", re.compile(rf'Login permitted {_FROM_TO} for user "(?P<user>.*)"')
    ),
    "611101": _pattern("accepted", re.compile(rf"User authentication succeeded: {_UNAME}")),
    "611102": _pattern("failed", re.compile(rf"User authentication failed: {_UNAME}")),
    "611103": _pattern("logged_out", re.compile(r"User logged out: Uname: (?P<user>.*)")),
    "315011": _SSH_CLOSED,
    "308001": _ENABLE_FAILED,
    "502101": _pattern(
        "user_created", re.compile(rf"New user added to local dbase: Uname: (?P<user>\S+){_REASON}")
    ),
    "502102": _pattern(
        "user_deleted", re.compile(r"User deleted from local dbase: Uname: (?P<user>\S+)")
    ),
    "502103": _pattern(
        "user_changed", re.compile(rf"User priv level changed: Uname: (?P<user>\S+) {_REASON}")
    ),
    "111008": _COMMAND,
    "111009": _COMMAND,
    "111010": _COMMAND_FROM,
    "733100": _pattern("threat", re.compile(r"\[ ?(?P<reason>[^\]]*)\]")),
    "733101": _ATTACKING,
    **dict.fromkeys((f"4000{number:02}" for number in range(52)), _IDS),
}
"""Messages by number."""

_LOGIN = rf"\[user: (?P<user>.*)\] \[Source: (?P<src_ip>{_IP})\]"
_LOGIN_PORT = rf"{_LOGIN} \[localport: (?P<dst_port>\d+)\]"
_CONFIGURED = _pattern(
    "configured",
    re.compile(
        rf"Configured from (?P<reason>\S+) by (?P<user>\S+)(?: on \S+)?(?: \((?P<src_ip>{_IP})\))?"
    ),
)
_IOS_LIST = _pattern(
    "access_list",
    re.compile(
        rf"list (?P<access_group>\S+) (?P<action>permitted|denied) (?P<protocol>\S+) "
        rf"(?P<src_ip>{_IP})(?:\((?P<src_port>\d+)\))?(?: \([^)]*\))? -> "
        rf"(?P<dst_ip>{_IP})(?: ?\((?P<dst_port>\d+)(?:/\d+)?\))?"
    ),
)
_EXITED = rf"User (?P<user>\S+) has exited tty session \S+?(?:\((?P<src_ip>{_IP})\))?\Z"
IOS: dict[str, Pattern] = {
    "LOGIN_SUCCESS": _pattern("accepted", re.compile(f"Login Success {_LOGIN_PORT}")),
    "LOGIN_FAILED": _pattern(
        "failed", re.compile(rf"Login failed {_LOGIN_PORT}(?: \[Reason: (?P<reason>[^\]]*)\])?")
    ),
    "WEBLOGIN_SUCCESS": _pattern("accepted", re.compile(f"Login Success {_LOGIN}")),
    "CONFIG_I": _CONFIGURED,
    "CFGLOG_LOGGEDCMD": _pattern(
        "command", re.compile(r"User:(?P<user>\S*) +logged command:(?P<command>.*)")
    ),
    "LOGOUT": _pattern("logged_out", re.compile(_EXITED)),
    "IPACCESSLOGP": _IOS_LIST,
    "IPACCESSLOGDP": _IOS_LIST,
}
"""Messages by mnemonic."""
