"""ATT&CK tactics: their order in an intrusion, how they read, what to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trailhound.model.finding import Finding


class Tactic(NamedTuple):
    """How a tactic is spoken of.

    Attributes:
        word: at most 8 characters, the column of a step.
        phrase: what was done, for a title.
        actions: what to do first; `{hosts}`, `{users}` and `{addresses}` stand for those the
            findings name. The first whose names are all known is proposed, so the last has none.
    """

    word: str
    phrase: str
    actions: tuple[str, ...]


_END_SESSIONS = "reset the password of {users} and end all sessions"
_KEEP_LOGS = "collect the logs of {hosts} elsewhere, switch protection on again"

TACTICS: dict[str, Tactic] = {
    "reconnaissance": Tactic(
        "probe",
        "probing from outside",
        ("see what {addresses} reached", "see what the outside address reached"),
    ),
    "resource-development": Tactic(
        "prepare", "attack prepared", ("block the infrastructure named in the evidence",)
    ),
    "initial-access": Tactic(
        "entry",
        "entry",
        (
            "block {addresses}, see who else was reached from there",
            "close the way in on {hosts} and look for others who used it",
            _END_SESSIONS,
            "close the way in and look for others who used it",
        ),
    ),
    "execution": Tactic(
        "run",
        "code run",
        ("isolate {hosts} and keep its memory", _END_SESSIONS, "stop what runs and keep a copy"),
    ),
    "persistence": Tactic(
        "persist",
        "a way back planted",
        (
            "remove what was planted on {hosts}",
            "undo what was added to {users}",
            "remove the way back named in the evidence",
        ),
    ),
    "privilege-escalation": Tactic(
        "rights",
        "higher rights taken",
        (
            "take the new rights from {users} and ask who gave them",
            "find out which rights were taken on {hosts}",
            "revoke the rights and ask who gave them",
        ),
    ),
    "defense-evasion": Tactic(
        "hide", "traces hidden", (_KEEP_LOGS, "restore logging and protection")
    ),
    "stealth": Tactic("hide", "traces hidden", (_KEEP_LOGS, "restore logging and protection")),
    "defense-impairment": Tactic(
        "disarm", "protection switched off", (_KEEP_LOGS, "switch protection on again")
    ),
    "credential-access": Tactic(
        "secrets",
        "credentials taken",
        (
            "reset every password used on {hosts}",
            _END_SESSIONS,
            "reset the passwords and sessions of the accounts named",
        ),
    ),
    "discovery": Tactic(
        "explore",
        "looking around",
        ("ask {users} about these commands", "find out who looked around on {hosts}",
         "find out who looked around"),
    ),
    "lateral-movement": Tactic(
        "move",
        "movement to other hosts",
        ("look for the same steps on the hosts that talked to {hosts}",
         "look for the same steps on other hosts"),
    ),
    "collection": Tactic(
        "collect",
        "data gathered",
        ("find out what {users} gathered", "find out what was gathered on {hosts}",
         "find out what was gathered"),
    ),
    "command-and-control": Tactic(
        "control",
        "remote control",
        (
            "block {addresses}, see who else talks there",
            "cut {hosts} off the network and see whom it talked to",
            "block the address, see who else talks there",
        ),
    ),
    "exfiltration": Tactic(
        "exfil",
        "data taken out",
        ("find out what left for {addresses} and whom to tell",
         "find out what left {hosts} and whom to tell", "find out what left and whom to tell"),
    ),
    "impact": Tactic(
        "damage",
        "damage done",
        ("stop {hosts}, check the backups", _END_SESSIONS, "stop the damage, check the backups"),
    ),
}  # fmt: skip
"""In the order of an intrusion."""

ORDER = {tactic: place for place, tactic in enumerate(TACTICS)}


def tactics_of(finding: Finding) -> list[str]:
    """Give the tactics a finding's rule names, in the order of an intrusion."""
    tags = finding.rule.tags if finding.rule else ()
    named = {tag.removeprefix("attack.").replace("_", "-") for tag in tags}
    return sorted(named & set(TACTICS), key=ORDER.__getitem__)
