"""The short form of the HTML report, for those who decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.report.executive import executive
from trailhound.report.html_pictures import figure
from trailhound.report.markup import Html, items, join, pairs, tag
from trailhound.report.pictures import pictures
from trailhound.report.verdict import title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.result import Result
    from trailhound.report.executive import Told
    from trailhound.report.phrases import Moments


def executive_body(result: Result, moments: Moments) -> Iterator[Html]:
    """Give the page in pieces."""
    page = executive(result, moments)
    yield tag(
        "header",
        tag("h1", title(result)),
        tag("p", page.verdict, class_="verdict"),
        items(page.facts),
    )
    yield tag("h2", "What happened", id="incidents")
    yield join(map(_told, page.told)) or tag("p", "Nothing asks for a decision.")
    yield tag("p", page.more) if page.more else Html("")
    drawn = [figure(one) for one in pictures(result, moments, short=True)]
    yield _chapter("When and where", drawn)
    yield _chapter("What could not be judged", [items(page.gaps)] if page.gaps else [])
    yield _chapter("Limits of this result", [items(page.limits)] if page.limits else [])
    yield tag("p", _CLOSING, class_="dim")


_CLOSING = (
    "Nothing found means: nothing found in what could be judged. Addresses, links and mail "
    "addresses are written so that nobody follows them by accident."
)


def _chapter(heading: str, content: Sequence[Html]) -> Html:
    return tag("section", tag("h2", heading), *content) if content else Html("")


def _told(one: Told) -> Html:
    return tag(
        "article",
        tag("h3", one.heading),
        tag("p", tag("strong", f"{one.state}.")),
        tag("p", one.summary),
        pairs([("When", one.when), *one.about]),
        tag("div", _named("Do now", one.actions), _named("Could be wrong if", one.doubts),
            class_="advice") if one.actions or one.doubts else "",
    )  # fmt: skip


def _named(heading: str, texts: Sequence[str]) -> Html:
    return tag("div", tag("h4", heading), items(texts)) if texts else Html("")
