"""All that is held about one child, or one employee, with what the access log says (registerutdrag)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followup import PersonId
from followup.access.access import DataKind, Reach
from followup.log.subject import Subject, What
from followup.people import Person
from services.acting import Acting, Refused, Why
from services.retention.case_file import CaseFile, case_file
from storage.engine.database import Database, Transaction
from storage.log import access_log
from storage.log.access_log import Logged
from storage.register import people
from storage.retention import holdings, purging
from storage.retention import people as employees
from storage.retention.holdings import ChildRows


@dataclass(frozen=True)
class LoggedRow:
    """One entry of the access log in the terms of who asks: `who` by name, or as the log has her.

    `redacted_by` is the decision by which its reason was deleted.
    """

    at: datetime
    who: str
    act: str
    subject: str
    detail: str
    reason: str
    redacted_by: int | None = None


@dataclass(frozen=True)
class ChildExtract:
    case: CaseFile
    log: Sequence[LoggedRow]
    messages: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class PersonExtract:
    """`own` are her rows by table, `deeds` what else names her; `log` what she did, and what was done about her."""

    person: Person
    by: Person
    reason: str
    made_at: datetime
    own: Mapping[str, Sequence[Mapping[str, Any]]]
    deeds: Sequence[Mapping[str, Any]]
    log: Sequence[LoggedRow]


def log_of_child(database: Database, reference: str) -> list[LoggedRow]:
    """Read beside the writer, since the whole log is gone through; told when the reading has been logged."""
    with database.reading() as tx:
        child = holdings.find(tx, reference)
        if child is None:
            return []
        about, named = _AboutChild(child), _names(tx)
        return [_row(one, named) for one in access_log.everything(tx) if about(one)]


def log_of_person(database: Database, key: str) -> list[LoggedRow]:
    with database.reading() as tx:
        person = people.by_key(tx, key)
        if person is None:
            return []
        named = _names(tx)
        return [_row(one, named) for one in access_log.everything(tx) if _is_about_person(one, person)]


def child_extract(
    acting: Acting, reference: str, reason: str, operator: str, log: Sequence[LoggedRow]
) -> ChildExtract | Refused:
    """Under the same rules as what is handed out to the personal file."""
    found = case_file(acting, reference, reason, operator)
    if isinstance(found, Refused):
        return found
    return ChildExtract(found, log, list(purging.messages_about(acting.tx, found.child)))


def person_extract(
    acting: Acting, key: str, reason: str, operator: str, log: Sequence[LoggedRow]
) -> PersonExtract | Refused:
    """By one who may see the access log; of who is no longer active too."""
    person = people.by_key(acting.tx, key)
    subject = What.EXTRACT.of(person.id if person else "?")
    hers = acting.reach(DataKind.ACCESS_LOG) == Reach.ALL
    access_log.record(
        acting.tx,
        "read" if hers and person else "refused",
        subject,
        acting.now,
        person_id=acting.person.id,
        stranger=operator,
        reason=reason,
        records=0,
    )
    if not hers:
        return Refused(Why.NOT_HERS)
    if person is None:
        return Refused(Why.UNKNOWN)
    own, deeds = employees.own_rows(acting.tx, person.id), employees.rows_naming(acting.tx, person.id)
    return PersonExtract(person, acting.person, reason, acting.now, own, deeds, log)


class _AboutChild:
    """Whether an entry is about the child: by what was read or written, or by the records that it saw."""

    def __init__(self, child: ChildRows) -> None:
        self._texts = frozenset(child.subjects) | frozenset(
            str(what.of(one)) for what in (What.TASK, What.OWNER) for one in (*child.tasks, *child.placements)
        )
        self._seen = frozenset(
            {
                *What.PLACEMENT.each(child.placements),
                *What.TASK.each(child.tasks),
                *What.REPORT.each(child.tasks),
                *What.SIGNAL.each(child.signals),
            }
        )
        self._placements = {str(one) for one in child.placements}

    def __call__(self, logged: Logged) -> bool:
        entry = logged.entry
        return (
            str(entry.subject) in self._texts
            or self._by_placement(entry.subject)
            or not self._seen.isdisjoint(entry.seen)
        )

    def _by_placement(self, subject: Subject) -> bool:
        by_placement = subject.what in (What.CLOCK, What.CASE_FILE, What.OWNER)
        return by_placement and subject.id.partition(":")[0] in self._placements


def _is_about_person(logged: Logged, person: Person) -> bool:
    entry = logged.entry
    about = (What.REMINDER, What.EXTRACT)
    return (
        entry.person_id == person.id
        or (entry.subject.what in about and entry.subject.id == str(person.id))
        or (entry.subject.what == What.OWNER and entry.detail == person.key)
        or (person.teams_id is not None and entry.stranger == person.teams_id)
    )


def _names(tx: Transaction) -> Mapping[PersonId, str]:
    return {one.id: one.name for one in people.everyone(tx).values()}


def _row(logged: Logged, named: Mapping[PersonId, str]) -> LoggedRow:
    entry = logged.entry
    who = ", ".join(_who(entry.person_id, entry.stranger, named))
    reason, by = entry.reason or "", logged.redaction.purge if logged.redaction else None
    return LoggedRow(entry.at, who, entry.act, str(entry.subject), entry.detail or "", reason, by)


def _who(person_id: PersonId | None, stranger: str | None, named: Mapping[PersonId, str]) -> Iterator[str]:
    if person_id is not None:
        yield named.get(person_id, str(person_id))
    if stranger:
        yield stranger
