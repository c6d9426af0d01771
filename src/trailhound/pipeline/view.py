"""What only changes how a result is seen: what is explained, tolerated, and what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trailhound.correlate.triage import state, triage
from trailhound.model.errors import TrailhoundError
from trailhound.model.result import Assumed
from trailhound.pipeline.segments import segments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trailhound.model.allow import AllowList
    from trailhound.model.organisation import Inferred
    from trailhound.model.result import Result

FEW = 6
_WORDS = {
    "organisation.domains": "own domain",
    "networks.internal": "internal network",
    "countries.presence": "country",
    "accounts.administrators": "administrator",
    "accounts.service": "service account",
    "hours.zone": "zone",
    "hours.working": "working hours",
}


def viewed(result: Result, organisation: Path | None, allowed: Path | None) -> Result:
    """Apply `org.toml`, then `allow.toml`, where they exist. What is stored stays as it is."""
    if organisation is not None and organisation.exists():
        from trailhound.pipeline.lowering import lower
        from trailhound.pipeline.organisation import read

        result = lower(result, read(organisation))
    if allowed is not None and allowed.exists():
        from trailhound.pipeline.allow import allow_list

        result = tolerate(result, allow_list(allowed))
    return result


def tolerate(result: Result, allowed: AllowList) -> Result:
    """Leave out what `allow.toml` hides; findings themselves stay stored."""
    kept = [finding for finding in result.findings if allowed.match(finding) is None]
    if len(kept) == len(result.findings):
        return result
    incidents, folded, _ = triage(kept)
    stats = msgspec.structs.replace(
        result.stats,
        hidden=len(result.findings) - len(kept),
        folded=sum(state(one) == "weak" for one in incidents),
    )
    return msgspec.structs.replace(
        result, findings=kept, incidents=incidents, folded=folded, stats=stats
    )


def assume(result: Result, folder: Path) -> None:
    """Say what the evidence lets us assume about the organisation: one line per kind of fact.

    Costs a few queries over the tables. Without tables, nothing is assumed.
    """
    tables = segments(folder)
    if not tables:
        return
    from trailhound.engine.duckdb import TableEngine
    from trailhound.pipeline.organisation import learn

    try:
        with TableEngine(tables) as engine:
            inferred = learn(engine)
    except TrailhoundError:
        return  # the result stands without assumptions
    result.assumed += _told(inferred)


def _told(inferred: Iterable[Inferred]) -> list[Assumed]:
    """Give the strongest value of each kind, and how many more there are."""
    by_key: dict[str, list[Inferred]] = {}
    for one in inferred:
        by_key.setdefault(one.key, []).append(one)
    told = []
    for key, values in by_key.items():
        best = max(values, key=lambda one: (one.share, one.seen, one.value))
        more = f" and {len(values) - 1} more" if len(values) > 1 else ""
        told.append(Assumed(_WORDS.get(key, key), f"{best.value}{more}", best.why))
    return told[:FEW]
