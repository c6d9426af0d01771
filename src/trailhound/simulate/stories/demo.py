"""The demonstration: one intruder, one week, from a letter to the customers' data.

A mailbox falls on Tuesday; the colleague who trusts it falls on Wednesday, and the file server and
the domain with him; on Thursday an administrator's password opens the jump host and the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import MINUTE
from trailhound.simulate.company import FILES, admin_account
from trailhound.simulate.stories import linux_cloud, mailbox_takeover, ransomware

if TYPE_CHECKING:
    from datetime import date

    from trailhound.simulate.company import Person
    from trailhound.simulate.stories.stage import Stage


def play(stage: Stage) -> None:
    """Play all three days."""
    tuesday, wednesday, thursday = stage.day(1), stage.day(2), stage.day(3)
    clerk = stage.victim("FIN", tuesday)
    engineer = stage.victim("SAL", wednesday)
    mailbox_takeover.take_over(stage, clerk, tuesday)
    _windows(stage, clerk, engineer, wednesday)
    _linux(stage, engineer, thursday)


def _windows(stage: Stage, clerk: Person, colleague: Person, day: date) -> None:
    """The taken mailbox sends a document to a colleague, who opens it."""
    at = stage.at(day, 10, 20)
    step = stage.step(
        at,
        "T1534",
        f"the taken mailbox sends a document to {colleague.account}",
        users=(clerk.mail, colleague.mail),
        addresses=(stage.intruder.address,),
    )
    stage.world.m365.send(
        at,
        clerk,
        stage.intruder.address,
        "Price list for tomorrow",
        client=mailbox_takeover.REST,
        attachment="Price_list_2026.docm",
        step=step,
    )
    administrator = admin_account(stage.world.company.administrators[-1])
    shell = ransomware.foothold(stage, colleague, at + 14 * MINUTE, "Price_list_2026.docm")
    ransomware.beacon(stage, colleague, at + 16 * MINUTE, hours=6)
    ransomware.steal_passwords(stage, colleague, stage.at(day, 11, 50), shell)
    ransomware.spread(stage, colleague, stage.at(day, 13, 5), administrator)
    ransomware.stay(stage, stage.at(day, 13, 12), administrator)
    ransomware.take_domain(stage, colleague, stage.at(day, 13, 20), administrator)
    ransomware.exfiltrate(stage, FILES, stage.night_after(day, 2, 30), administrator)


def _linux(stage: Stage, colleague: Person, day: date) -> None:
    """From the colleague's computer over the jump host to the database."""
    source = stage.world.company.computer(colleague).address
    administrator = stage.world.company.administrators[-1].account
    linux_cloud.log_in(stage, stage.at(day, 12, 34), source, administrator)
    linux_cloud.become_root(stage, stage.at(day, 12, 41), source, administrator)
    linux_cloud.stay(stage, stage.at(day, 12, 50), source, administrator)
    linux_cloud.dump_database(stage, stage.at(day, 13, 25), stage.intruder.storage)
