"""Questions to the tables that tell what the organisation is: domains, networks, people, hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from trailhound.engine.duckdb import TableEngine

HOUR_MICROSECONDS = 3_600_000_000
DAY_MICROSECONDS = 24 * HOUR_MICROSECONDS


class Share(msgspec.Struct, frozen=True):
    """A value, the events it appears in, and the events that were asked about."""

    value: str
    seen: int
    of: int


class Rhythm(msgspec.Struct, frozen=True):
    """How an account works: events, days with events, distinct hours of the day (UTC)."""

    account: str
    seen: int
    days: int
    hours: int


def account_domains(engine: TableEngine) -> list[Share]:
    """Give the domains of accounts and mailboxes, `a@DOMAIN`, the most used first."""
    names = (
        "SELECT user_name AS v FROM authentication UNION ALL SELECT mailbox FROM mailbox_activity"
    )
    names += " UNION ALL SELECT actor_user_name FROM events"
    return _shares(
        engine,
        f"SELECT lower(split_part(v, '@', 2)) AS v FROM ({names})"  # noqa: S608 -- constant
        " WHERE v LIKE '%_@_%.__%'",
    )


def internal_addresses(engine: TableEngine) -> list[Share]:
    """Give the private networks (/16 of 10/8, /16 of 172.16/12, /24 of 192.168/16) of sources."""
    octets = [f"split_part(src_endpoint_ip, '.', {n})" for n in (1, 2, 3)]
    first, second, third = octets
    return _shares(
        engine,
        "SELECT CASE WHEN src_endpoint_ip LIKE '10.%' THEN"  # noqa: S608 -- constant
        f" '10.' || {second} || '.0.0/16'"
        f" WHEN src_endpoint_ip LIKE '192.168.%' THEN '192.168.' || {third} || '.0/24'"
        f" WHEN {first} = '172' AND TRY_CAST({second} AS INT) BETWEEN 16 AND 31"
        f" THEN '172.' || {second} || '.0.0/16' END AS v"
        " FROM events WHERE src_endpoint_ip LIKE '%.%.%.%'",
    )


def countries(engine: TableEngine) -> list[Share]:
    """Give the countries of successful logins."""
    return _shares(
        engine,
        "SELECT upper(src_endpoint_location_country) AS v FROM authentication"
        " WHERE length(src_endpoint_location_country) = 2 AND lower(status) = 'success'",
    )


def administrators(engine: TableEngine) -> list[Share]:
    """Give accounts with special privileges at logon (Windows 4672), or that changed others."""
    return _shares(
        engine,
        "SELECT lower(COALESCE(user_name, actor_user_name)) AS v FROM authentication"
        " WHERE metadata_event_code = '4672'"
        " UNION ALL SELECT lower(actor_user_name) FROM group_management"
        " WHERE lower(COALESCE(status, 'success')) = 'success'"
        " UNION ALL SELECT lower(actor_user_name) FROM account_change"
        " WHERE lower(COALESCE(status, 'success')) = 'success'"
        " AND actor_user_name <> user_name",
    )


def rhythms(engine: TableEngine) -> list[Rhythm]:
    """Give the rhythm of every account with exact or assumed times, the busiest first."""
    rows = engine.query(
        "SELECT a, count(*) AS n, count(DISTINCT time // ?) AS days,"
        " count(DISTINCT (time % ?) // ?) AS hours FROM"
        " (SELECT lower(COALESCE(user_name, actor_user_name)) AS a, time FROM authentication"
        " UNION ALL SELECT lower(actor_user_name), time FROM process_activity"
        " UNION ALL SELECT lower(actor_user_name), time FROM api_activity)"
        " WHERE a <> '' AND time IS NOT NULL GROUP BY a ORDER BY n DESC, a",
        [DAY_MICROSECONDS, DAY_MICROSECONDS, HOUR_MICROSECONDS],
    )
    return [Rhythm(r["a"], r["n"], r["days"], r["hours"]) for r in rows.to_pylist()]


def week(engine: TableEngine, without: list[str]) -> dict[tuple[int, int], int]:
    """Count logins of people by (weekday 0 = Monday, hour) in UTC, exact times only.

    `without` are accounts that are machines; computer accounts (`NAME$`) never count.
    """
    rows = engine.query(
        "SELECT CAST(((time // ?) + 3) % 7 AS INT) AS d, CAST((time % ?) // ? AS INT) AS h,"
        " count(*) AS n FROM authentication WHERE time IS NOT NULL AND lower(status) = 'success'"
        " AND COALESCE(metadata_time_basis, 'exact') = 'exact' AND user_name NOT LIKE '%$'"
        " AND NOT list_contains(string_split(?, chr(10)), lower(user_name)) GROUP BY d, h",
        [DAY_MICROSECONDS, DAY_MICROSECONDS, HOUR_MICROSECONDS, "\n".join(without)],
    )
    return {(r["d"], r["h"]): r["n"] for r in rows.to_pylist()}


def last_activity(engine: TableEngine) -> dict[str, int]:
    """Give the latest successful login of each account, microseconds UTC."""
    rows = engine.query(
        "SELECT lower(user_name) AS a, max(time) AS t FROM authentication"
        " WHERE user_name <> '' AND lower(status) = 'success' AND time IS NOT NULL GROUP BY a"
    )
    return {r["a"]: r["t"] for r in rows.to_pylist()}


def _shares(engine: TableEngine, values: str) -> list[Share]:
    """Count the values of a query with one column `v`; nulls count as asked, not as seen."""
    rows = engine.query(
        f"WITH t AS ({values}) SELECT v, count(*) AS n, (SELECT count(*) FROM t) AS of_all"  # noqa: S608 -- constant
        " FROM t WHERE v <> '' GROUP BY v ORDER BY n DESC, v"
    )
    return [Share(r["v"], r["n"], r["of_all"]) for r in rows.to_pylist()]
