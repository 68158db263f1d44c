"""The reasons in the access log that are about a child who is gone: deleted with it, signed, some at a time."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from followup.log.subject import row_of
from storage.engine.database import Database
from storage.log import access_log, redactions
from storage.log.access_log import Logged
from storage.retention.purges import hold_purge
from storage.retention.reasons import Row, gone
from storage.retention.unit_texts import whole_words

AT_A_TIME, SIGNED_AT_A_TIME = 500, 25


def forget_reasons(database: Database, number: int, references: Collection[str], now: datetime) -> None:
    """Of each entry that names only what is gone, and of each whose reason has one of the references in it."""
    naming, place = whole_words(references) if references else None, 0
    while True:
        with database.reading() as tx:
            some = access_log.with_reason(tx, place, AT_A_TIME)
            lost = gone(tx, {row for one in some for row in _rows(one)})
        _redact(database, number, [one for one in some if _is_about_them(one, lost, naming)], now)
        if len(some) < AT_A_TIME:
            return
        place = some[-1].id


def _redact(database: Database, number: int, found: Sequence[Logged], now: datetime) -> None:
    """Each is signed, so that few of them are done in one transaction."""
    for first in range(0, len(found), SIGNED_AT_A_TIME):
        with database.piece() as tx:
            hold_purge(tx, number)
            some = [one.id for one in found[first : first + SIGNED_AT_A_TIME]]
            # As they are by now: the same command may run twice.
            for one in access_log.some(tx, some):
                redactions.redact(tx, one, number, now)


def _is_about_them(logged: Logged, lost: Collection[Row], naming: re.Pattern[str] | None) -> bool:
    rows = _rows(logged)
    is_named = naming is not None and naming.search(logged.entry.reason or "") is not None
    return (bool(rows) and rows <= set(lost)) or is_named


def _rows(logged: Logged) -> set[Row]:
    named = map(row_of, (logged.entry.subject, *logged.entry.seen))
    return {row for row in named if row is not None}
