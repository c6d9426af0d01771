"""ATT&CK tactics: their order in an intrusion, how they read, what to do about each."""

from __future__ import annotations

from trailhound.model.finding import Finding

TACTICS: dict[str, tuple[str, str]] = {
    "reconnaissance": ("probing from outside", "check what the outside address could reach"),
    "resource-development": ("attack preparation", "block the infrastructure named here"),
    "initial-access": ("entry", "close the way in and look for others who used it"),
    "execution": ("code run", "isolate the host and keep its memory"),
    "persistence": ("a way back planted", "remove the way back named in the evidence"),
    "privilege-escalation": ("higher rights taken", "revoke the rights and check who granted them"),
    "defense-evasion": ("traces hidden", "restore logging and protection, collect logs elsewhere"),
    "stealth": ("traces hidden", "restore logging and protection, collect logs elsewhere"),
    "impair-defenses": ("protection switched off", "switch protection on again"),
    "credential-access": ("credentials taken", "reset the passwords and sessions of the accounts named"),
    "discovery": ("looking around", "check what was asked for and by whom"),
    "lateral-movement": ("movement to other hosts", "check the hosts named for the same steps"),
    "collection": ("data gathered", "find out what was gathered"),
    "command-and-control": ("remote control", "block the address and check who else talks to it"),
    "exfiltration": ("data taken out", "find out what left and whom to tell"),
    "impact": ("damage done", "stop the host, check the backups"),
}
"""Tactic to (words for a title, first action), in the order of an intrusion."""

ORDER = {tactic: place for place, tactic in enumerate(TACTICS)}


def tactics_of(finding: Finding) -> list[str]:
    """Give the tactics a finding's rule names, in the order of an intrusion."""
    tags = finding.rule.tags if finding.rule else ()
    named = {tag.removeprefix("attack.").replace("_", "-") for tag in tags if tag.startswith("attack.")}
    return sorted(named & set(TACTICS), key=ORDER.__getitem__)
