"""What the short form of a report says, for those who decide: the same in HTML and in Markdown.

Facts only, each taken from the result; no command line, no field, no rule. Text of others is raw
here: it is escaped and defanged where it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trailhound.model.entity import EntityType
from trailhound.model.incident import NEEDS_YOU
from trailhound.model.result import Judged
from trailhound.report.machine import named
from trailhound.report.phrases import listed
from trailhound.report.verdict import counted, counts, is_active, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.entity import Entity
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result
    from trailhound.report.phrases import Moments

TOLD = 10
"""Incidents told; the others are counted."""
FEW = 3
"""Actions and doubts of one incident, and names of a kind."""


class Told(NamedTuple):
    """One incident in five lines."""

    heading: str
    state: str
    when: str
    summary: str
    about: tuple[tuple[str, str], ...]
    actions: tuple[str, ...]
    doubts: tuple[str, ...]


class Executive(NamedTuple):
    """The whole page."""

    verdict: str
    facts: tuple[str, ...]
    told: tuple[Told, ...]
    more: str
    gaps: tuple[str, ...]
    limits: tuple[str, ...]


def executive(result: Result, moments: Moments) -> Executive:
    """Choose what those who decide need."""
    above = [one for one in result.incidents if one.above_fold]
    more = len(above) - TOLD
    return Executive(
        verdict=sentence(" \u00b7 ".join(counts(result))),
        facts=_facts(result, moments),
        told=tuple(_told(n, one, result, moments) for n, one in enumerate(above[:TOLD], 1)),
        more=f"{counted(more, 'more incident')} of less weight." if more > 0 else "",
        gaps=_gaps(result),
        limits=_limits(result),
    )


def _facts(result: Result, moments: Moments) -> tuple[str, ...]:
    stats = result.stats
    days = moments.days(stats.first, stats.last)
    hosts = {h for one in result.findings for h in named(one.entities, EntityType.HOST)}
    people = {u for one in result.findings for u in named(one.entities, *_PEOPLE)}
    groups = ((hosts, "host"), (people, "account"))
    about = " and ".join(counted(len(names), noun) for names, noun in groups if names)
    return (
        f"Period: {days} ({moments.zone})" if days else "Period: no time known",
        f"Evidence: {counted(stats.files, 'source')}, {counted(stats.events, 'event')}",
        f"Findings: {len(result.findings):,}{', about ' if about else ''}{about}",
    )


_PEOPLE = (EntityType.USER, EntityType.MAILBOX)
_ABOUT = (("Hosts", (EntityType.HOST,)), ("Accounts", _PEOPLE), ("Addresses", (EntityType.IP,)))


def _told(number: int, one: Incident, result: Result, moments: Moments) -> Told:
    asks = "needs a decision" if one.score >= NEEDS_YOU else "worth a look"
    goes_on = ", may go on" if is_active(one, result.stats.last) else ""
    return Told(
        heading=f"{number}. {one.title}",
        state=f"{one.severity.word.capitalize()}, {one.score} of 100: {asks}{goes_on}",
        when=moments.span(one.start, one.end),
        summary=one.summary,
        about=_about(one.entities),
        actions=one.actions[:FEW],
        doubts=one.doubts[:FEW],
    )


def _about(entities: Sequence[Entity]) -> tuple[tuple[str, str], ...]:
    known = ((label, named(entities, *kinds)) for label, kinds in _ABOUT)
    return tuple((label, listed(names, FEW)) for label, names in known if names)


def _gaps(result: Result) -> tuple[str, ...]:
    """Say what nobody could have seen, and how to see it next time."""
    missing = [one for one in result.not_judged if one.state is not Judged.JUDGED]
    return tuple(
        f"{sentence(one.indicator)}: {one.missing or 'evidence is missing'}"
        + (f"; {one.switch_on}" if one.switch_on else "")
        for one in missing
    )


def _limits(result: Result) -> tuple[str, ...]:
    """Say what weakens the result: what was cut short, lost, not read or taken for granted."""
    lost = sum(one.incomplete for one in result.inputs)
    unread = sum(one.status in ("unknown", "refused") for one in result.inputs)
    lines = (
        "The scan was interrupted: this is a part." if result.interrupted else "",
        "Tables of events are missing: they found no room." if result.tables_lost else "",
        f"{counted(lost, 'source')} could not be read whole." if lost else "",
        f"{counted(unread, 'source')} could not be read at all." if unread else "",
        *(f"Not read: {what}" for what in result.not_read),
        *(f"Assumed: {one.what} is {one.value} ({one.why})." for one in result.assumed),
        f"Shown with names or contents replaced ({result.redacted})." if result.redacted else "",
    )
    return tuple(filter(None, lines))
