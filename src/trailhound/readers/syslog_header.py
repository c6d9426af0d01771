"""The header of a syslog line: RFC 3164 as daemons write it, ISO 8601 stamps, RFC 5424."""

from __future__ import annotations

import re
from typing import NamedTuple

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
)  # fmt: skip
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
DOVECOT_LEVELS = ("Info:", "Warning:", "Error:", "Debug:", "Fatal:", "Panic:")

_PRI = re.compile(r"(?:\d{1,7} )?<(\d{1,3})>")
_RFC5424 = re.compile(r"(?:\d{1,7} )?<(\d{1,3})>1 ")
"""A stream that was written as it came has the length of each message before it (RFC 6587)."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?= )")
_BSD = re.compile(
    r"(?:[A-Z][a-z]{2} )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) "
    r"(?:(\d{4}) )?(\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(?: (\d{4}))?(?=:? )"
)
_NO_HOST_ENDS = (":", ">", "")
_SIGNS = ("+", "-")
_PLAIN = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d\Z")
_TAG = re.compile(r"([^\s\[\]():<>]{1,128})?(?:\(([^()\s]{0,64})\))?:?\Z")
_SD_START = re.compile(r'\[[^ =\]"]{1,255} [^ =\]"]{1,255}="')
_SD_ID = re.compile(r'\[([^ =\]"]{1,255})')
_SD_PARAM = re.compile(r' ([^ =\]"]{1,255})="((?:[^"\\]|\\.)*)"')


class Dated:
    """What a time stamp says of itself."""

    NO = "no header"
    NIL = "a header that leaves it out"
    DAY = "no year and no zone"
    LOCAL = "no zone"
    FULL = "all"


class Tag(NamedTuple):
    """Who wrote a line; `sub` is the inner part of `postfix/submission/smtpd`, `sshd(pam_unix)`."""

    kind: str
    program: str
    sub: str | None


class Head(NamedTuple):
    """One line taken apart; `dated` is one of `Dated`."""

    dated: str
    stamp: str
    host: str | None
    tag: Tag
    process: str
    """The number in brackets with what closes it: `123]:`."""
    message: str
    pri: int | None = None
    msgid: str | None = None
    data: str | None = None
    repeat: int | None = None


NOBODY = Tag("linux.syslog", "", None)
_DOVECOT = Tag("dovecot", "dovecot", None)
_KINDS = {
    "dovecot": "dovecot", "named": "dns.bind", "dnsmasq": "dns.dnsmasq", "unbound": "dns.unbound",
    "dnsmasq-dhcp": "dhcp.dnsmasq", "dhcpd": "dhcp.isc", "kea-dhcp4": "dhcp.kea",
    "kea-dhcp6": "dhcp.kea", "filterlog": "firewall.pf", "exim": "mail.exim", "exim4": "mail.exim",
    "sendmail": "mail.sendmail", "sm-mta": "mail.sendmail", "sm-msp-queue": "mail.sendmail",
}  # fmt: skip
"""Programs whose lines are a kind of their own."""
_CISCO = re.compile(r"%([a-z][a-z0-9_]{1,32})-(?:[a-z0-9_]{1,32}-){0,2}[0-7]-\w{1,64}\Z")
_CISCO_FIREWALLS = frozenset(("asa", "ftd", "pix", "fwsm"))
KNOWN = 20_000
"""How many distinct programs and stamps are remembered."""
_new = tuple.__new__  # a head without the cost of its constructor


def _zoned(stamp: str) -> bool:
    return stamp[-1:] == "Z" or stamp[-6:-5] in _SIGNS or stamp[-5:-4] in _SIGNS


class HeadParser:
    """Takes lines apart; stamps and programs, which repeat, are understood once."""

    def __init__(self) -> None:
        self._programs: dict[str, Tag | None] = {}
        self._stamps: dict[str, bool] = {}

    def block(self, texts: list[str]) -> list[Head]:
        """Take lines apart; a line without a stamp is all message."""
        return [self._plain(text) or self._any(text) for text in texts]

    def _plain(self, text: str) -> Head | None:
        """The shape of nearly every line: `Nov  3 08:12:01 host sshd[123]: message`."""
        stamp = text[:15]
        good = self._stamps.get(stamp)
        if good or (good is None and self._learn_stamp(stamp)):
            return self._behind(Dated.DAY, stamp, text[16:]) if text[15:16] == " " else None
        if text[4:5] != "-" or text[10:11] != "T":
            return None
        stamp, _, rest = text.partition(" ")  # the same with an ISO stamp and its zone
        return self._behind(Dated.FULL, stamp, rest) if _zoned(stamp[10:]) else None

    def _behind(self, dated: str, stamp: str, rest: str) -> Head | None:
        """Take apart `host sshd[123]: message`; None for any other shape."""
        parts = rest.split(" ", 2)
        if len(parts) < 3:
            return None
        host, word, message = parts
        name, _, process = word.partition("[")
        tag = self._programs.get(name) or self._program(name)
        if tag is None or word[-1:] != ":" or host[-1:] in _NO_HOST_ENDS:
            return None
        if message[:1] == " ":
            message = message.lstrip()
        return _new(Head, (dated, stamp, host, tag, process, message, None, None, None, None))

    def _any(self, text: str) -> Head:
        modern = _RFC5424.match(text)
        if modern and (head := self._rfc5424(text[modern.end() :], int(modern[1]))):
            return head
        pri = _PRI.match(text)
        rest = text[pri.end() :] if pri else text
        number = int(pri[1]) if pri else None
        if pri and (plain := self._plain(rest)):
            return plain._replace(pri=number)
        if iso := _ISO.match(rest):
            dated = Dated.FULL if _zoned(iso[0][10:]) else Dated.LOCAL
            return self._after_stamp(dated, iso[0], rest[iso.end() + 1 :], number)
        if bsd := _BSD.match(rest):
            year = bsd[3] or bsd[5]
            stamp = f"{bsd[1]} {int(bsd[2]):2} {bsd[4]}" + (f" {year}" if year else "")
            dated = Dated.LOCAL if year else Dated.DAY
            return self._after_stamp(dated, stamp, rest[bsd.end() :].lstrip(": "), number)
        return Head(Dated.NO, "", None, NOBODY, "", text)

    def _after_stamp(self, dated: str, stamp: str, rest: str, pri: int | None) -> Head:
        """Read the rarer shapes: no host, no program, Dovecot's own file."""
        first, _, after = rest.partition(" ")
        if first.endswith(":") and after.startswith(DOVECOT_LEVELS):
            return Head(dated, stamp, None, _DOVECOT, "", rest, pri)
        if usual := self._behind(dated, stamp, rest.lstrip()):
            return usual._replace(pri=pri)
        name, _, process = first.partition("[")
        if first.endswith(":") and (own := self._program(name)):
            return Head(dated, stamp, None, own, process, after, pri)
        return Head(dated, stamp, first or None, NOBODY, "", after.lstrip(), pri)

    def _rfc5424(self, text: str, pri: int) -> Head | None:
        """After `<PRI>1 `: stamp, host, program, process, message id, structured data, message."""
        parts = text.split(" ", 5)
        if len(parts) < 6:
            return None
        stamp, host, program, process, message_id, rest = parts
        dated = Dated.NIL if stamp == "-" else Dated.FULL if _zoned(stamp[10:]) else Dated.LOCAL
        data, message = _split_data(rest) if rest[:1] == "[" else (None, rest[2:])
        tag = self._programs.get(program) or self._program(program)
        known = NOBODY if program == "-" or tag is None else tag
        name = None if host == "-" else host
        msgid = None if message_id == "-" else message_id
        message = message.removeprefix("\ufeff")
        return _new(Head, (dated, stamp, name, known, process, message, pri, msgid, data, None))

    def _learn_stamp(self, stamp: str) -> bool:
        if len(self._stamps) > KNOWN:
            self._stamps.clear()
        good = self._stamps[stamp] = _PLAIN.match(stamp) is not None
        return good

    def _program(self, name: str) -> Tag | None:
        """Give the tag of `sshd`, `kernel:`, `sshd(pam_unix)`, `(systemd)`."""
        if name not in self._programs:
            if len(self._programs) > KNOWN:
                self._programs.clear()
            match = _TAG.match(name)
            word = match and (match[1] or match[2])
            self._programs[name] = make_tag(word, match[2]) if match and word else None
        return self._programs[name]


def make_tag(name: str, sub: str | None = None) -> Tag:
    """Sort a program into its kind; `/usr/sbin/CRON` and `postfix/smtpd` lose their path."""
    path, _, program = name.lower().rpartition("/")
    if path.startswith("postfix"):
        return Tag("postfix", program, path.partition("/")[2] or None)
    if program[:1] == "%" and (cisco := _CISCO.match(program)):
        firewall = cisco[1] in _CISCO_FIREWALLS
        return Tag("firewall.cisco_asa" if firewall else "cisco.ios", program, sub)
    if program.isdecimal():  # the count that routers put before their messages
        return NOBODY
    return Tag(_KINDS.get(program, "linux.syslog"), program or name.lower(), sub)


def _split_data(rest: str) -> tuple[str | None, str]:
    """Part structured data from the message, at the first `"] `: no value may hold it."""
    end = rest.find('"] ') + 2
    if end < 2 or not _SD_START.match(rest):
        end = structured(rest)[1]
    return rest[:end] or None, rest[end:].removeprefix(" ")


def structured(rest: str) -> tuple[dict[str, str], int]:
    """Read `[id name="value"]...`; give its fields as `sd.id.name`, and where they end."""
    data: dict[str, str] = {}
    place = 0
    while element := _SD_ID.match(rest, place):
        place = element.end()
        while parameter := _SD_PARAM.match(rest, place):
            data[f"sd.{element[1]}.{parameter[1]}"] = _unescaped(parameter[2])
            place = parameter.end()
        if rest[place : place + 1] != "]":
            return {}, 0
        place += 1
    return data, place


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\\]])', r"\1", text) if "\\" in text else text
