"""The pictures of a result, in the order of a report; one without numbers is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.report.picture_attack import attack
from trailhound.report.picture_hosts import hosts
from trailhound.report.picture_hours import hours
from trailhound.report.picture_time import time_line

if TYPE_CHECKING:
    from trailhound.model.result import Result
    from trailhound.report.phrases import Moments
    from trailhound.report.svg import Picture


def pictures(result: Result, moments: Moments, *, short: bool = False) -> list[Picture]:
    """Draw all that there are numbers for; `short` are those for people who decide."""
    found = result.findings
    few = (time_line(found, moments), hosts(found))
    drawn = few if short else (few[0], hours(found, moments), attack(found), few[1])
    return [one for one in drawn if one is not None]
