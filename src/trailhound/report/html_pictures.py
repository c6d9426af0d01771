"""Pictures as parts of the HTML report, each with the table that has its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.report.html_coverage import section
from trailhound.report.markup import table, tag
from trailhound.report.pictures import pictures

if TYPE_CHECKING:
    from trailhound.model.result import Result
    from trailhound.report.markup import Html
    from trailhound.report.phrases import Moments
    from trailhound.report.svg import Picture


def figures(result: Result, moments: Moments) -> Html:
    """Make the chapter of the technical report; its timeline has a chapter of its own."""
    drawn = [figure(one) for one in pictures(result, moments) if one.name != "timeline"]
    return section("where", "Where and how", *(drawn or [tag("p", "There is nothing to draw.")]))


def figure(one: Picture) -> Html:
    """Make one picture; where a page is narrow it scrolls, because its words must not shrink."""
    return tag(
        "figure",
        tag("figcaption", tag("h3", one.title), tag("p", one.told, class_="dim")),
        tag("div", one.drawing, class_="scroll", role="region", aria_label=one.title, tabindex=0),
        tag("details", tag("summary", "The numbers"), table(one.title, one.heads, one.rows)),
    )
