"""What the message of a syslog line says, as columns made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailhound.readers.syslog_mail import DOVECOT_NAMES, POSTFIX_NAMES, dovecot, postfix
from trailhound.readers.syslog_programs import NAMES, parser_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailhound.model.batch import Column
    from trailhound.readers.column_batch import Late


def late_fields(kind: str, program: str, columns: dict[str, Column]) -> dict[str, Late]:
    """Name the columns parsed from the message of this program, and what makes them."""
    names: tuple[str, ...] = NAMES
    parse: Callable[[str], dict[str, Any]] = parser_of(program)
    if kind == "postfix":
        names, parse = POSTFIX_NAMES, postfix
    elif kind == "dovecot":
        names, parse = DOVECOT_NAMES, dovecot

    def make() -> dict[str, Column]:
        rows = [parse(str(message)) for message in columns["message"]]
        return {name: [row.get(name) for row in rows] for name in names}

    return dict.fromkeys(names, make)
