"""What the first line of a report says: the name of the evidence, what asks for a person, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.model.finding import Nature
from trailhound.model.incident import NEEDS_YOU

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.entity import Entity
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result

_HOUR = 3_600_000_000
_PEOPLE = (EntityType.USER, EntityType.MAILBOX)


def title(result: Result) -> str:
    """Give the name of the evidence: the one it was given, else its first folder."""
    first = result.inputs[0].source.split("/")[0] if result.inputs else "nothing"
    return result.title or first


def counts(result: Result, *, hint: str = "") -> list[str]:
    """Say how many incidents ask for a person, in parts; calm is said, too, and never `clean`.

    `hint` follows the weak signals and says how to see them.
    """
    part = ["INTERRUPTED, this is a part"] if result.interrupted else []
    if not result.inputs and not result.incidents:
        return part or ["no evidence here: nothing was judged"]
    above = [one for one in result.incidents if one.above_fold]
    needs = sum(one.score >= NEEDS_YOU for one in above)
    look, weak = len(above) - needs, len(result.incidents) - len(above)
    calm = "" if above else "nothing asks for a person in what could be judged"
    parts = [
        *part,
        f"{needs} incident{'s need' if needs > 1 else ' needs'} you" if needs else calm,
        f"{look} to look at" if look else "",
        f"{counted(weak, 'weak signal')} folded{hint}" if weak else "",
    ]
    return list(filter(None, parts))


def counted(number: int, noun: str) -> str:
    """Give `1 event` or `1,204 events`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def is_active(one: Incident, last: int | None) -> bool:
    """Tell whether it may go on: an attack with a trace within an hour of the evidence's end."""
    if one.nature is not Nature.IOA or last is None or one.end is None:
        return False
    return last - one.end <= _HOUR


def why(one: Incident) -> str:
    """Give the heaviest parts of the score, which add up to most of it."""
    parts = [f"{part.name} ({part.points:g})" for part in one.parts[:3]]
    rest = sum(part.points for part in one.parts[3:])
    more = [f"{len(one.parts) - 3} more ({rest:.0f})"] if len(one.parts) > 3 else []
    return f"{one.score} of 100 from {', '.join([*parts, *more])}"


def place(entities: Iterable[Entity]) -> str:
    """Say in one word where something happened: the host's first label, else the account."""
    known = list(entities)
    for kinds, mark in (((EntityType.HOST,), "."), (_PEOPLE, "@")):
        value = next((e.value for e in known if e.type in kinds and e.value), "")
        if value:
            return value if _is_address(value) else value.rpartition("\\")[2].partition(mark)[0]
    return ""


def _is_address(value: str) -> bool:
    return ":" in value or value.replace(".", "").isdigit()
