"""Which hosts the findings are about, a bar for each, divided by severity."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.model.finding import Severity
from trailhound.report.machine import named
from trailhound.report.markup import join
from trailhound.report.phrases import clip
from trailhound.report.svg import WIDTH, Picture, box, drawing, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding
    from trailhound.report.markup import Html

BARS, ROWS = 15, 100
"""Hosts drawn, and hosts in the table."""

_LEFT, _HIGH, _LONGEST, _FEW = 230, 26, 460, 2
_ORDER = sorted(Severity, reverse=True)


def hosts(findings: Sequence[Finding]) -> Picture | None:
    """Draw the hosts with the gravest and most findings; None when no finding names a host."""
    counts: dict[str, Counter[Severity]] = {}
    for one in findings:
        for host in named(one.entities, EntityType.HOST):
            counts.setdefault(host, Counter())[one.severity] += 1
    if not counts:
        return None
    ranked = sorted(counts, key=lambda host: (*(-counts[host][one] for one in _ORDER), host))
    most = max(one.total() for one in counts.values())
    title = "Hosts by severity"
    told = f"Findings name {len(counts):,} hosts; the gravest {min(BARS, len(counts))} are drawn."
    bars = [_bar(row, host, counts[host], most) for row, host in enumerate(ranked[:BARS])]
    made = drawing(title, told, len(bars) * _HIGH + 8, *bars)
    heads = ("Host", *(one.word for one in _ORDER), "all")
    rows = [
        (host, *(counts[host][one] or "" for one in _ORDER), counts[host].total())
        for host in ranked[:ROWS]
    ]
    return Picture("hosts", title, told, made, heads, rows)


def _bar(row: int, host: str, counts: Counter[Severity], most: int) -> Html:
    top, left = row * _HIGH + 4, float(_LEFT)
    pieces = [words(_LEFT - 8, top + 15, clip(host, 30), "end")]
    for severity in _ORDER:
        width = _LONGEST * counts[severity] / most
        if width:
            hint = f"{severity.word}: {counts[severity]:,}"
            pieces.append(box(left, top, width, _HIGH - 6, kind=severity.word, hint=hint))
            left += width
    return join([*pieces, words(min(left, WIDTH - 200) + 8, top + 15, _numbers(counts), "soft")])


def _numbers(counts: Counter[Severity]) -> str:
    """Say the numbers beside the bar: the gravest kinds by name, the rest together."""
    there = [one for one in _ORDER if counts[one]]
    told = [f"{counts[one]:,} {one.word}" for one in there[:_FEW]]
    rest = sum(counts[one] for one in there[_FEW:])
    return ", ".join([*told, *([f"{rest:,} more"] if rest else [])])
