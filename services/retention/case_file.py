"""One child's data as they are handed out: all that is held, what is new since last, and the access log's proof."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from cryptography.fernet import InvalidToken

from followup.access.access import DataKind, Reach
from followup.access.municipality import Municipality
from followup.log.chain import Checkpoint
from followup.log.subject import What
from followup.people import Person
from services.acting import Acting, Refused, Why
from storage.engine.database import Transaction
from storage.log import access_log, log_chain
from storage.register import people, placements
from storage.retention import exports, holdings
from storage.retention.exports import CaseExport
from storage.retention.holdings import ChildRows
from storage.retention.names import Names, names

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
# Who has been asked, reminded and shown what, and what was handed out: traces that no personal file needs.
TRACES = frozenset({"asking", "clock_told", "clock_seen", "opened_texts", "case_export"})
# Rows that are changed where they stand: what they say is a part of what was handed out.
_CHANGED_IN_PLACE = frozenset({"placement", "alert", "signal_progress"})
# Columns that have come since things were first handed out: empty, they say nothing that was not said then.
_CAME_LATER = frozenset({"receiver"})


class UnsoundLogError(Exception):
    """The access log's end was changed by hand: it proves nothing."""


@dataclass(frozen=True)
class CaseFile:
    """`contents` are all that a personal file needs, `new` what of it no earlier export had, `before` the last one."""

    child: ChildRows
    by: Person
    reason: str
    made_at: datetime
    tables: Rows
    names: Names
    contents: frozenset[str]
    new: frozenset[str]
    before: CaseExport | None
    proof: Checkpoint

    @property
    def reference(self) -> str:
        return self.child.reference


def case_file(acting: Acting, reference: str, reason: str, operator: str) -> CaseFile | Refused:
    """Logged with its reason before anything is shown; raises UnsoundLogError where the log proves nothing.

    What no key opens is refused: what is handed out is whole.
    """
    tx, child = acting.tx, holdings.find(acting.tx, reference)
    if child is None:
        _log(acting, "refused", operator, What.CASE_FILE.of("?"), reason, [])
        return Refused(Why.UNKNOWN)
    if not _may(acting, child):
        _log(acting, "refused", operator, What.CASE_FILE.of(child.placements[0]), reason, [])
        return Refused(Why.NOT_HERS)
    try:
        tables = holdings.rows(tx, child)
    except InvalidToken:
        return Refused(Why.WRONG)
    _log(acting, "read", operator, What.CASE_FILE.of(child.placements[0]), reason, child.placements)
    before = exports.newest(tx, reference)
    contents = frozenset(contents_of(tables))
    return CaseFile(
        child=child,
        by=acting.person,
        reason=reason,
        made_at=acting.now,
        tables=tables,
        names=_names(tx, tables, child),
        contents=contents,
        new=contents - (before.contents if before else frozenset()),
        before=before,
        proof=_proof(acting),
    )


def contents_of(tables: Rows) -> Iterator[str]:
    """What is in it, each by its table, its number and, where it may be changed in place, what it says."""
    for table, rows in tables.items():
        if table not in TRACES:
            yield from (key_of(table, row) for row in rows)


def key_of(table: str, row: Mapping[str, Any]) -> str:
    key = f"{table}:{row.get('id', row.get('signal_id'))}"
    if table not in _CHANGED_IN_PLACE:
        return key
    told = {name: value for name, value in row.items() if value is not None or name not in _CAME_LATER}
    said = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return f"{key}:{sha256(said).hexdigest()[:16]}"


def mark_exported(acting: Acting, found: CaseFile, files: Mapping[str, str], operator: str) -> int:
    """The child's data have left in these files, by their SHA-256: the export's number."""
    log = (found.proof.entries, found.proof.head)
    number = exports.add(
        acting.tx, found.reference, acting.person.id, found.reason, found.contents, files, log, acting.now
    )
    access_log.record(
        acting.tx,
        "write",
        What.CASE_EXPORT.of(number),
        acting.now,
        person_id=acting.person.id,
        stranger=operator,
        seen=What.PLACEMENT.each(found.child.placements),
    )
    return number


def acting_person(tx: Transaction, key: str, now: datetime, municipality: Municipality) -> Acting | None:
    """Who is said to hand out; None for one who is not in the register, or no longer active."""
    person = people.by_key(tx, key)
    return Acting(tx, person, now, municipality) if person and person.active else None


def _may(acting: Acting, child: ChildRows) -> bool:
    """By the access table: whoever may see the child, and read what was written about it."""
    reach = acting.reach(DataKind.CASE_REFERENCE)
    if reach in (Reach.ALL, Reach.WITH_REASON):
        return acting.opens(DataKind.SIGNAL_TEXT) and acting.opens(DataKind.REPORT_TEXT)
    if reach != Reach.OWN:
        return False
    found = (placements.get(acting.tx, one, acting.today) for one in child.placements)
    return any(one is not None and acting.person.id in (one.owner_id, one.substitute_id) for one in found)


def _log(acting: Acting, act: Any, operator: str, subject: Any, reason: str, seen: Sequence[int]) -> None:
    access_log.record(
        acting.tx,
        act,
        subject,
        acting.now,
        person_id=acting.person.id,
        stranger=operator,
        reason=reason,
        seen=What.PLACEMENT.each(seen),
    )


def _proof(acting: Acting) -> Checkpoint:
    try:
        return log_chain.checkpoint(acting.tx, acting.now)
    except ValueError as unsound:
        raise UnsoundLogError from unsound


def _names(tx: Transaction, tables: Rows, child: ChildRows) -> Names:
    named = {
        value
        for rows in tables.values()
        for row in rows
        for column, value in row.items()
        if column in _PEOPLE and value is not None
    }
    units = {row["unit_id"] for rows in tables.values() for row in rows if "unit_id" in row}
    return names(tx, named, units, child.tasks)


# The columns that name a person, in every table that holds a child's rows.
_PEOPLE = frozenset(
    {
        *("author_id", "owner_id", "substitute_id", "person_id", "handed_to_id"),
        *("recorded_by", "closed_by"),
    }
)
