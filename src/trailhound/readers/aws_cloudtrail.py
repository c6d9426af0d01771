"""AWS CloudTrail: what was asked of Amazon's interfaces, by whom, from where.

Read are the files CloudTrail delivers (`{"Records": [...]}`), look-ups (arrays, one event each),
JSON lines, and events wrapped by CloudWatch or a collector. An event is known by its `eventID`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import Names, NativeBatch, first_value
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.wrapping import Opener, bid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.native_batch import Maker

KIND = "aws.cloudtrail"
_OPENER = Opener("eventName eventSource eventVersion eventID")
_ACTOR = (
    "userIdentity.userName",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.arn",
    "userIdentity.invokedBy",
    "userIdentity.principalId",
    "userIdentity.type",
)
_SIGMA = {"src_ip": ("sourceIPAddress",), "status": ("responseElements.ConsoleLogin",)}
"""Names that rules borrow from elsewhere."""


class AwsCloudTrail:
    """Reads CloudTrail events."""

    name = "aws.cloudtrail"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the names every event has."""
        del path
        return bid(
            head,
            "eventSource",
            "eventName",
            "awsRegion userIdentity eventVersion recipientAccountId",
        )

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield one batch per stretch of records."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            mine, strangers = _OPENER.divided(_OPENER.open(raws, offsets, budget))
            if mine.raws:
                yield NativeBatch(KIND, {}, source.name, mine, NAMES, budget, digest)
            if strangers.raws:
                yield stranger_batch(strangers, source, budget, digest)


def _actors(batch: NativeBatch) -> Column:
    """Name who acted; the person behind an assumed role is the role's session."""
    columns = batch.columns(_ACTOR)
    sessions: Column = [
        _session(kind, principal)
        for kind, principal in zip(
            columns["userIdentity.type"], columns["userIdentity.principalId"], strict=True
        )
    ]
    own, *others = (columns[name] for name in _ACTOR)
    return first_value([own, sessions, *others])


def _session(kind: object, principal: object) -> str | None:
    """Give the session of `AROA...:session`, which single sign-on fills with the person's name."""
    if kind in ("AssumedRole", "FederatedUser") and isinstance(principal, str):
        return principal.partition(":")[2] or None
    return None


def _addresses(batch: NativeBatch) -> Column:
    column = batch.columns(("sourceIPAddress",))["sourceIPAddress"]
    return [None if _is_service(value) else value for value in column]


def _services(batch: NativeBatch) -> Column:
    column = batch.columns(("sourceIPAddress",))["sourceIPAddress"]
    return [value if _is_service(value) else None for value in column]


def _is_service(value: object) -> bool:
    """Tell `health.amazonaws.com` and `AWS Internal` from an address."""
    return isinstance(value, str) and not (value[:1].isdigit() or ":" in value)


def _candidates(name: str) -> tuple[str, ...]:
    return (name, *_SIGMA.get(name, ()))


_MADE: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "@actor": (_actors, _ACTOR),
    "@address": (_addresses, ("sourceIPAddress",)),
    "@service_address": (_services, ("sourceIPAddress",)),
}
"""What makes a column, and of what."""


def _maker(name: str) -> Maker | None:
    return _MADE[name][0] if name in _MADE else None


def _inputs(name: str) -> tuple[str, ...]:
    return _MADE[name][1] if name in _MADE else ()


NAMES = Names(("eventTime", "p_event_time"), ("eventID",), _candidates, _maker, _inputs)
READER = AwsCloudTrail()
