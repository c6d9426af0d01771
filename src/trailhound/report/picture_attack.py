"""Where findings stand in ATT&CK: a band for each tactic, in the order of an intrusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trailhound.report.attack import TACTICS, placed, technique
from trailhound.report.markup import join
from trailhound.report.phrases import cut
from trailhound.report.svg import Picture, box, drawing, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding, Severity
    from trailhound.report.markup import Html

EACH = 15
"""Techniques drawn of one tactic; the table has all."""

_LEFT, _WIDE, _HIGH, _ROW = 150, 148, 46, 5
_LETTERS = 17
_STRENGTH = 0.25


class _Cell(NamedTuple):
    """One technique below one tactic."""

    tactic: str
    uid: str
    findings: int
    worst: Severity


def attack(findings: Sequence[Finding]) -> Picture | None:
    """Draw the techniques by tactic; None when no finding names one."""
    cells = _cells(findings)
    if not cells:
        return None
    title = "Techniques of ATT&CK by tactic"
    told = (
        f"Findings name {len({one.uid for one in cells}):,} techniques of "
        f"{len({one.tactic for one in cells}):,} tactics; the number is how many findings do."
    )
    content, top = [], 4.0
    for tactic in dict.fromkeys(one.tactic for one in cells):
        mine = [one for one in cells if one.tactic == tactic]
        content.append(_band(tactic, mine, top))
        top += _HIGH * -(-min(len(mine), EACH) // _ROW) + 10
    heads = ("Tactic", "Technique", "Name", "Worst", "Findings")
    rows = [(_title(one.tactic), one.uid, technique(one.uid).name, one.worst.word, one.findings)
            for one in cells]  # fmt: skip
    return Picture("attack", title, told, drawing(title, told, top, *content), heads, rows)


def _cells(findings: Sequence[Finding]) -> list[_Cell]:
    """Count findings by tactic and technique, in the order of an intrusion, the most first."""
    seen: dict[tuple[str, str], list[Severity]] = {}
    for finding in findings:
        for tactic, one in placed(finding):
            seen.setdefault((tactic, one.uid), []).append(finding.severity)
    order = [*TACTICS, ""]
    cells = [_Cell(tactic, uid, len(all_), max(all_)) for (tactic, uid), all_ in seen.items()]
    return sorted(cells, key=lambda one: (order.index(one.tactic), -one.findings, one.uid))


def _title(tactic: str) -> str:
    return TACTICS[tactic][1] if tactic in TACTICS else "No tactic told"


def _band(tactic: str, cells: Sequence[_Cell], top: float) -> Html:
    label = words(_LEFT - 10, top + 18, _title(tactic), "strong end")
    drawn = [_technique(one, place, top) for place, one in enumerate(cells[:EACH])]
    more = len(cells) - EACH
    note = [words(_LEFT - 10, top + 36, f"and {more} more below", "soft end")] if more > 0 else []
    return join([label, *note, *drawn])


def _technique(one: _Cell, place: int, top: float) -> Html:
    left = _LEFT + place % _ROW * _WIDE
    down = top + place // _ROW * _HIGH
    name = technique(one.uid).name
    hint = f"{one.uid} {name}: {one.findings:,}, worst {one.worst.word}"
    return join([
        box(left, down, _WIDE - 4, _HIGH - 4, kind=one.worst.word, hint=hint, strength=_STRENGTH),
        words(left + 6, down + 17, f"{one.uid}  {one.findings:,}", "strong"),
        words(left + 6, down + 34, cut(name.rpartition(": ")[2], _LETTERS), "soft"),
    ])  # fmt: skip
