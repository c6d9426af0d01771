"""Who or what an event is about."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class EntityType(StrEnum):
    """The kinds of things an analyst pivots on."""

    USER = "user"
    MAILBOX = "mailbox"
    HOST = "host"
    IP = "ip"
    DOMAIN = "domain"
    URL = "url"
    FILE = "file"
    HASH = "hash"
    PROCESS = "process"
    APPLICATION = "application"
    DEVICE = "device"
    RESOURCE = "resource"


class Role(StrEnum):
    """The part an entity plays in what happened."""

    ACTOR = "actor"
    TARGET = "target"
    SOURCE = "source"
    DESTINATION = "destination"
    RELATED = "related"


class Entity(msgspec.Struct, frozen=True, order=True):
    """One entity of a finding.

    Values are as the source wrote them, folded to lower case for users, hosts and domains so that
    one person is one entity.
    """

    type: EntityType
    value: str
    role: Role = Role.RELATED
