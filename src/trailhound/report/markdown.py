"""The result as Markdown (CommonMark with tables), for a ticket, a wiki or a case file.

`technical` has what an analyst needs, `executive` what those who decide need. Pictures are files
beside the report, because most programs that show Markdown refuse pictures inside it; without a
file name there are only the tables behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.report import markdown_text as md
from trailhound.report.executive import executive
from trailhound.report.markdown_technical import technical
from trailhound.report.phrases import Moments
from trailhound.report.pictures import pictures
from trailhound.report.svg import standalone
from trailhound.report.verdict import title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from trailhound.model.result import Result
    from trailhound.report.executive import Told
    from trailhound.report.svg import Picture


def markdown_report(
    result: Result, *, zone: tzinfo, stem: str = "", short: bool = False
) -> Iterator[bytes]:
    """Give the file in pieces; `stem` is what the names of its pictures begin with."""
    moments = Moments(zone, result.stats.first, result.stats.last)
    drawn = pictures(result, moments, short=short)
    shown = [line for one in drawn for line in _picture(one, stem, with_table=not short)]
    body = _executive(result, moments, shown) if short else technical(result, moments, shown)
    head = md.heading(1, title(result))[1:]
    yield from md.written([*head, *body, *_closing(result)])


def picture_files(
    result: Result, *, zone: tzinfo, stem: str, short: bool = False
) -> Iterator[tuple[str, bytes]]:
    """Give the names and contents of the files that a report refers to."""
    moments = Moments(zone, result.stats.first, result.stats.last)
    for one in pictures(result, moments, short=short):
        yield file_name(stem, one), standalone(one)


def file_name(stem: str, picture: Picture) -> str:
    """Name the file of a picture: `report-hours.svg`."""
    return f"{stem}-{picture.name}.svg"


def _picture(one: Picture, stem: str, *, with_table: bool) -> list[str]:
    image = md.picture(f"{one.title}. {one.told}", file_name(stem, one)) if stem else []
    rows = [[cell if isinstance(cell, int) else str(cell) for cell in row] for row in one.rows]
    numbers = md.table(one.heads, rows, most=100) if with_table or not stem else []
    return [*md.heading(3, one.title), *md.paragraph(one.told), *image, *numbers]


def _executive(result: Result, moments: Moments, shown: list[str]) -> list[str]:
    page = executive(result, moments)
    told = [line for one in page.told for line in _told(one)]
    return [
        f"**{md.plain(page.verdict)}**", "",
        *md.bullets(page.facts),
        *(md.heading(2, "What happened") if told else []), *told, *md.paragraph(page.more),
        *(md.heading(2, "When and where") if shown else []), *shown,
        *(md.heading(2, "What could not be judged") if page.gaps else []), *md.bullets(page.gaps),
        *(md.heading(2, "Limits of this result") if page.limits else []), *md.bullets(page.limits),
    ]  # fmt: skip


def _told(one: Told) -> list[str]:
    return [
        *md.heading(3, one.heading),
        *md.paragraph(f"{one.state}."),
        *md.paragraph(one.summary),
        *md.pairs([("When", one.when), *one.about]),
        *(["Do now:", "", *md.bullets(one.actions)] if one.actions else []),
        *(["Could be wrong if:", "", *md.bullets(one.doubts)] if one.doubts else []),
    ]


def _closing(result: Result) -> list[str]:
    return [
        "---", "",
        *md.paragraph(
            "Nothing found means: nothing found in what could be judged. Addresses, links and mail "
            "addresses are written so that nobody follows them by accident."
        ),
        *md.paragraph(f"Trailhound {result.version}"),
    ]  # fmt: skip
