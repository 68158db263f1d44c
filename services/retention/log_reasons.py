"""The reasons in the access log that are about a child who is gone: deleted with it, signed, some at a time."""

from collections.abc import Collection
from datetime import datetime

from followup.log.subject import row_of
from storage.engine.database import Database
from storage.log import access_log, redactions
from storage.log.access_log import Logged
from storage.retention.reasons import Row, gone

AT_A_TIME = 500


def forget_reasons(database: Database, number: int, references: Collection[str], now: datetime) -> None:
    """Of each entry that names only what is gone, and of each whose reason has one of the references in it."""
    words, place = [one.casefold() for one in references], 0
    while True:
        with database.piece() as tx:
            some = access_log.with_reason(tx, place, AT_A_TIME)
            lost = gone(tx, {row for one in some for row in _rows(one)})
            for one in some:
                if _is_about_them(one, lost, words):
                    redactions.redact(tx, one, number, now)
        if len(some) < AT_A_TIME:
            return
        place = some[-1].id


def _is_about_them(logged: Logged, lost: Collection[Row], words: Collection[str]) -> bool:
    rows, said = _rows(logged), (logged.entry.reason or "").casefold()
    return (bool(rows) and rows <= set(lost)) or any(one in said for one in words)


def _rows(logged: Logged) -> set[Row]:
    named = map(row_of, (logged.entry.subject, *logged.entry.seen))
    return {row for row in named if row is not None}
