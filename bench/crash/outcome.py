"""What must be nothing after all those lives: what the bot remembers against what others saw."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bench.crash.connector import LyingConnector, Message
from followup.times.calendar import municipal_day
from services.log.log_verification import faults_in_log
from storage.engine.database import Database
from storage.engine.tables import alert, delivery, report, signal_version
from storage.messages.delivery import AGAIN, UPDATE
from storage.messages.doubts import SETTLED_OTHERWISE

_TOLD_IN = re.compile("told in ([0-9]+)")


@dataclass
class Seen:
    """What the people who handed in were answered."""

    reports: set[int] = field(default_factory=set)
    signals: int = 0
    unanswered: int = 0
    errors: list[str] = field(default_factory=list)
    kills: int = 0
    lives: int = 0


@dataclass
class Outcome:
    """What must be nothing, by what it is, and how much there was of the rest."""

    broken: dict[str, list[str]]
    told: dict[str, Any]


def outcome(database: Database, seen: Seen, connector: LyingConnector, days: int) -> Outcome:
    """What the database remembers when all is quiet, against what the connector and those who handed in saw."""
    with database.reading() as tx:
        rows = tx.connection.execute(select(delivery)).all()
        stored = set(tx.connection.scalars(select(report.c.task_id)))
        signals = len(set(tx.connection.scalars(select(signal_version.c.signal_id))))
        alerts = list(tx.connection.scalars(select(alert.c.id)))
        chain = [one.id for one in faults_in_log(tx) if one.id != "check.log.late"]
    by_key = {row.key: row for row in rows}
    taken = {row.id: _messages_of(row, connector.messages) for row in rows}
    broken = {
        "acknowledged and lost": [str(one) for one in seen.reports - stored]
        + ["signal"] * max(0, seen.signals - signals),
        "asked twice": [row.key for row in rows if row.kind != UPDATE and len(taken[row.id]) > 1]
        + [key for key, times in _lists_by_day(rows, taken).items() if times > 1],
        "sent and not taken": [
            row.key
            for row in rows
            if row.state == "sent" and row.sent_at and _is_told_apart(row) and not taken[row.id]
        ],
        "alerts missed": [str(one) for one in alerts if not _reached(one, rows, taken)],
        "in doubt without a person knowing": [
            row.key for row in rows if row.state == "uncertain" and not _known(row, by_key, rows)
        ],
        "an error to a person": seen.errors,
        "the chain": chain,
    }
    return Outcome(broken, _told(rows, alerts, seen, connector, days))


def _told(
    rows: Any, alerts: Sequence[int], seen: Seen, connector: LyingConnector, days: int
) -> dict[str, Any]:
    """How much there was of what could have been broken."""
    months = sorted({row.key.split(":")[1] for row in rows if row.kind == "prompt"})
    return {
        "kills": seen.kills,
        "days": days,
        "rounds": len(months),
        "reports": len(seen.reports),
        "signals": seen.signals,
        "alerts": len(alerts),
        "unanswered presses": seen.unanswered,
        "states": dict(Counter(row.state for row in rows if row.kind != UPDATE)),
        "connector": dict(connector.answered),
    }


def _messages_of(row: Any, messages: Sequence[Message]) -> list[Message]:
    """Those that its buttons name it in, or that it went in with what else was said to the same person that day."""
    return [one for one in messages if row.id in one.names or one.given == row.activity_id]


def _is_told_apart(row: Any) -> bool:
    """Only a card with a button names its delivery, and only what was answered for has what it was given."""
    return row.kind in ("prompt", "reminder", "alert") or row.activity_id is not None


def _lists_by_day(rows: Any, taken: Mapping[int, list[Message]]) -> Counter[str]:
    """How many lists each worker has got on one day, by the connector's calendar and not by ours."""
    return Counter(
        f"{row.person_id} {day}"
        for row in rows
        if row.kind in ("prompt", "reminder")
        for day in {one.day for one in taken[row.id]}
    )


def _reached(alert_id: int, rows: Any, taken: Mapping[int, list[Message]]) -> bool:
    """Somebody has got a message with its number in it that told of it, by the connector's own log."""
    by_id, by_key = {row.id: row for row in rows}, {row.key: row for row in rows}
    told = (
        row
        for row in rows
        if row.kind in ("alert", "alert_again") and row.payload["fields"].get("alert_id") == alert_id
    )
    tellers = {one.id for row in told for one in _tellers(row, by_id, by_key)}
    return any(alert_id in one.alerts for teller in tellers for one in taken[teller])


def _tellers(row: Any, by_id: Mapping[int, Any], by_key: Mapping[str, Any]) -> Iterator[Any]:
    """Itself, what it was told in with others, and what was said once more of either that was in doubt."""
    while row is not None:
        yield row
        found = _TOLD_IN.fullmatch(row.reason or "")
        row = by_id[int(found[1])] if found else by_key.get(row.key + AGAIN)


def _known(row: Any, by_key: dict[str, Any], rows: Any) -> bool:
    """It was said once more, or an administrator has been told of that day's."""
    again = by_key.get(row.key + AGAIN)
    if row.kind not in SETTLED_OTHERWISE and again is not None and again.state == "sent":
        return True
    day = municipal_day(row.not_before)
    return any(
        one.kind == "trouble" and one.state == "sent" and municipal_day(one.not_before) >= day for one in rows
    )
