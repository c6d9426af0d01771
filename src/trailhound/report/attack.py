"""ATT&CK as reports speak of it: tactics in order, names of techniques, where a finding belongs."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.finding import Finding

VERSION = "18.1"
"""The release that the names are of. Newer techniques keep their identifier for a name."""

_ID = re.compile(r"T\d{4}(\.\d{3})?")

TACTICS: dict[str, tuple[str, str]] = {
    "reconnaissance": ("TA0043", "Reconnaissance"),
    "resource-development": ("TA0042", "Resource Development"),
    "initial-access": ("TA0001", "Initial Access"),
    "execution": ("TA0002", "Execution"),
    "persistence": ("TA0003", "Persistence"),
    "privilege-escalation": ("TA0004", "Privilege Escalation"),
    "defense-evasion": ("TA0005", "Defense Evasion"),
    "stealth": ("", "Stealth"),
    "defense-impairment": ("", "Defense Impairment"),
    "credential-access": ("TA0006", "Credential Access"),
    "discovery": ("TA0007", "Discovery"),
    "lateral-movement": ("TA0008", "Lateral Movement"),
    "collection": ("TA0009", "Collection"),
    "command-and-control": ("TA0011", "Command and Control"),
    "exfiltration": ("TA0010", "Exfiltration"),
    "impact": ("TA0040", "Impact"),
}
"""Identifier and title, in the order of an intrusion.

ATT&CK 19 divided defense evasion into stealth and defense impairment; rules use all three.
"""

_EVASION = frozenset({"defense-evasion", "stealth", "defense-impairment"})


class Technique(NamedTuple):
    """A technique or sub-technique; `tactics` is empty for one newer than `VERSION`."""

    uid: str
    name: str
    tactics: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The public page of the technique."""
        return f"https://attack.mitre.org/techniques/{self.uid.replace('.', '/')}"

    @property
    def parent(self) -> str:
        """The technique that a sub-technique belongs to; its own identifier for others."""
        return self.uid.partition(".")[0]


def technique(uid: str) -> Technique:
    """Give a technique with its name: `OS Credential Dumping: LSASS Memory`."""
    name, *tactics = _known().get(uid, [uid])
    parent = _known().get(uid.partition(".")[0], [""])[0]
    whole = f"{parent}: {name}" if "." in uid and parent and name != uid else name
    return Technique(uid, whole, tuple(tactics))


@cache
def _known() -> dict[str, list[str]]:
    place = files("trailhound.content").joinpath("attack/techniques.toml")
    return tomllib.loads(place.read_text("utf-8"))


def techniques_of(finding: Finding) -> list[Technique]:
    """Give the techniques of a finding; what is no identifier of ATT&CK is left out."""
    named = dict.fromkeys(one.upper() for one in finding.techniques)
    return [technique(one) for one in named if _ID.fullmatch(one)]


def tactics_of(finding: Finding) -> list[str]:
    """Give the tactics that a finding's rule names, in the order of an intrusion."""
    tags = finding.rule.tags if finding.rule else ()
    named = {tag.removeprefix("attack.").replace("_", "-") for tag in tags}
    return [tactic for tactic in TACTICS if tactic in named]


def placed(finding: Finding) -> Iterator[tuple[str, Technique]]:
    """Give each technique with each tactic it served here, "" where nobody says.

    A rule names its techniques and its tactics apart; a technique belongs to those of the rule's
    tactics that it can serve, or to all of them when ATT&CK does not say.
    """
    told = tactics_of(finding)
    for one in techniques_of(finding):
        can = set(one.tactics) | (_EVASION if _EVASION & set(one.tactics) else set())
        fitting = [tactic for tactic in told if tactic in can]
        for tactic in fitting or told or one.tactics or ("",):
            yield tactic, one
