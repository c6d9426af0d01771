"""Who is known in a result: people, their accounts and machines, as names to be replaced."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.report.names import Names, folded
from trailhound.text.defang import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.result import Result
    from trailhound.report.names import Found

SHORTEST = 3
"""Shorter names are replaced only where they are the whole value or a part of an account or path:
inside sentences they would be every other word."""

LONGEST = 64
"""A longer value of a field is no name but a list or a sentence."""

_NOBODY = frozenset({
    "", "system", "localsystem", "local service", "network service", "nobody", "root", "daemon",
    "administrator", "admin", "guest", "everyone", "anonymous", "anonymous logon", "krbtgt",
    "www-data", "localhost", "unknown", "none", "null", "true", "false", "public", "default",
})  # fmt: skip
"""Accounts and hosts that stand for nobody in particular: they stay readable."""

_WINDOWS = frozenset({"nt authority", "nt service", "builtin", "window manager", "workgroup"})
"""Domains that every Windows has."""

_BUILT_IN = ("dwm-", "umfd-", "s-1-")

_USER_FIELDS = frozenset({
    "user", "username", "userid", "targetusername", "subjectusername", "samaccountname", "account",
    "accountname", "membername", "userprincipalname", "upn", "email", "actoremail", "csusername",
    "sourceuser", "targetuser", "mailboxownerupn", "displayname", "actor", "sender", "recipient",
    "saslusername", "ruser",
})  # fmt: skip
_HOST_FIELDS = frozenset({
    "computer", "computername", "hostname", "workstation", "workstationname", "devicename",
    "targetservername", "machinename", "sourcehostname", "destinationhostname", "devicedisplayname",
})  # fmt: skip

_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-][\w.-]{0,250}\w")
_SID = re.compile(r"(?<![\w-])S-1-5-21-\d{1,10}-\d{1,10}-\d{1,10}-\d{1,10}(?!\w)", re.IGNORECASE)
_HOME = re.compile(
    r"(?<=[\\/]users[\\/])[^\\/\s\"'<>]{1,64}|(?<=/home/)[^\\/\s\"'<>]{1,64}", re.IGNORECASE
)
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\w|\.\d)")
_IPV6 = re.compile(r"(?<![\w.:])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,40}(?![\w:])")
_PATTERNS = (("mail", _MAIL), ("sid", _SID), ("user", _HOME), ("ip", _IPV4), ("ip", _IPV6))
_SEGMENT = re.compile(r"[^\\/@]+")
_TELLS_NOTHING = frozenset({"127.0.0.1", "0.0.0.0", "::", "::1"})  # noqa: S104 - text, not a bind


class Identities:
    """Replaces the known names of one result; equal names get equal pseudonyms under one key."""

    def __init__(self, result: Result, key: bytes, *, organisation: bool) -> None:
        self._key = blake2b(key, digest_size=32).digest()
        known: dict[str, str] = {}
        for kind, value in _named(result):
            for name, label, person in _forms(kind, value):
                known.setdefault(name, self._pseudonym(label, person))
        if organisation:
            for name in _organisations(result):
                known.setdefault(name, self._pseudonym("org", name))
        self._short = {name: known[name] for name in known if len(name) < SHORTEST}
        self._names = Names({name: known[name] for name in known if len(name) >= SHORTEST})

    def mark(self, text: str) -> str:
        """Give a keyed hash of an identifier that was made of names."""
        return blake2b(
            text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=8
        ).hexdigest()

    def _pseudonym(self, kind: str, name: str) -> str:
        who = name.partition("@")[0]
        return f"{kind}-{self.mark(f'who {who}')[:8]}"

    def find(self, text: str) -> Iterator[Found]:
        """Give everything in a text that names somebody, with its pseudonym."""
        yield from self._names.find(text)
        yield from self._patterns(text)
        if self._short:
            for match in _SEGMENT.finditer(text):
                name = self._short.get(_core(match[0]))
                if name:
                    yield *match.span(), name

    def _patterns(self, text: str) -> Iterator[Found]:
        """Give mail addresses, home folders, SIDs and internal addresses, known or not."""
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                name = folded(match[0])
                if kind == "ip" and (name in _TELLS_NOTHING or not is_internal(name)):
                    continue
                if name not in _NOBODY:
                    yield *match.span(), self._pseudonym(kind, name)


def _named(result: Result) -> Iterator[tuple[EntityType, str]]:
    """Give hosts before people: the account `SRV01$` is the host's."""
    found = list(dict.fromkeys(_entities(result)))
    yield from (one for one in found if one[0] is EntityType.HOST)
    yield from (one for one in found if one[0] is not EntityType.HOST)


def _entities(result: Result) -> Iterator[tuple[EntityType, str]]:
    groups = [one.entities for one in result.findings] + [one.entities for one in result.incidents]
    for entities in groups:
        for entity in entities:
            if entity.type in (EntityType.HOST, EntityType.DEVICE):
                yield EntityType.HOST, entity.value
            elif entity.type in (EntityType.USER, EntityType.MAILBOX):
                yield EntityType.USER, entity.value
    for finding in result.findings:
        for reason in finding.because:
            yield from _field(reason.feature, str(reason.value))
        for pointer in finding.evidence.pointers:
            for name, value in pointer.fields.items():
                yield from _field(name, value)


def _field(name: str, value: str) -> Iterator[tuple[EntityType, str]]:
    """Take a native field for a name when the field is known to hold one."""
    last = "".join(filter(str.isalpha, name.rpartition(".")[2].lower()))
    if len(value) > LONGEST or not value.isprintable():
        return
    if last in _HOST_FIELDS:
        yield EntityType.HOST, value
    elif last in _USER_FIELDS:
        yield EntityType.USER, value


def _forms(kind: EntityType, value: str) -> Iterator[tuple[str, str, str]]:
    """Give the ways a name is written, each with its kind and who is meant, the same for all."""
    is_host = kind is EntityType.HOST or value.strip().endswith("$")
    full = _core(value.rpartition("\\")[2])
    short = full.partition("." if is_host else "@")[0]
    for name in dict.fromkeys((full, short)):
        if not (name in _NOBODY or _is_address(name) or name.startswith(_BUILT_IN)):
            yield name, "host" if is_host else "mail" if "@" in name else "user", short


def _is_address(text: str) -> bool:
    """Tell whether a host is written as its address; a personnel number is none."""
    return (text.count(".") == 3 and text.replace(".", "").isdigit()) or ":" in text


def _core(text: str) -> str:
    """Give a name in lower case from its first to its last letter or digit."""
    places = [place for place, char in enumerate(text) if char.isalnum()]
    return folded(text[places[0] : places[-1] + 1]) if places else ""


def _organisations(result: Result) -> Iterator[str]:
    """Give the names of the organisation: tenant, title, domains of its hosts and accounts."""
    texts = [result.tenant, result.title]
    for kind, value in _entities(result):
        if kind is EntityType.HOST:
            texts.append("" if _is_address(value) else value.partition(".")[2])
        else:
            texts += [value.partition("@")[2], *value.split("\\")[:-1]]
    named = dict.fromkeys(map(_core, texts))
    yield from (name for name in named if name not in _NOBODY and name not in _WINDOWS)
