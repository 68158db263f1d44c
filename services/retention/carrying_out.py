"""Carries a decision to delete out, one child in each transaction: what an interruption leaves is taken up again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from followup.clocks.retention import RetentionPlan
from followup.log.subject import What
from followup.wording.wording import Wording, wording
from services.retention.classes import delete_classes
from services.retention.due import DueChild, due_child
from services.retention.journal import JournalLine, Step, write
from services.retention.log_reasons import forget_reasons
from storage.engine.database import Database, Transaction
from storage.log import access_log
from storage.register import people
from storage.retention import purge_classes, purges, purging
from storage.retention.purge_classes import PurgeClass
from storage.retention.purges import SEATS, Purge, PurgeCase
from storage.retention.reasons import redacted

# What is looked through beside the writer; few of them are found.
AT_A_TIME = 250
# Nothing is left of the child: somebody has been quicker.
GONE = "gone"


class NotToBeDoneError(Exception):
    """Nothing was deleted; `why` says it in words."""

    def __init__(self, why: Wording) -> None:
        super().__init__(why.id)
        self.why = why


@dataclass(frozen=True)
class Protocol:
    """What was done of a decision; the references are in it, and in the database no longer once it is written.

    `messages` and `answers` are how many of them named one of the children, `reasons` how many in the access log.
    """

    purge: Purge
    cases: Sequence[PurgeCase]
    classes: Sequence[PurgeClass]
    names: Sequence[tuple[str, str, datetime]]
    messages: int
    answers: int
    reasons: int
    wiped: bool

    @property
    def deleted(self) -> list[PurgeCase]:
        return [one for one in self.cases if one.deleted is not None]

    @property
    def held(self) -> list[PurgeCase]:
        return [one for one in self.cases if one.kept_because is not None]


def carry_out(
    database: Database,
    number: int,
    journal: Path,
    now: datetime,
    operator: str,
    moved: Callable[[int, int], None] = lambda _done, _all: None,
) -> Protocol:
    """Raises NotToBeDoneError, and UnwritableJournalError before anything is deleted."""
    with database.reading() as tx:
        found = _to_be_done(tx, number)
        cases = purges.cases(tx, number)
        line = _line(tx, found, cases, "begun", now)
    write(journal, line)
    with database.transaction() as tx:
        if found.begun_at is None:
            purges.begin(tx, number, now)
            access_log.record(
                tx, "write", What.PURGE.of(number), now, stranger=operator, detail="begun", records=0
            )
    plan = RetentionPlan.stored(found.plan)
    for one in cases:
        if not one.is_handled:
            with database.piece() as tx:
                _delete(tx, found, one, plan, now, operator)
        moved(one.number, len(cases))
    delete_classes(database, number, now)
    references = [one.reference for one in cases if one.reference is not None]
    messages, answers = forget_messages(database), forget_answers(database, references)
    forget_reasons(database, number, _deleted(database, number), now)
    return _told(database, number, messages, answers)


def finish(database: Database, protocol: Protocol, journal: Path, now: datetime, operator: str) -> None:
    """The protocol is written: no reference is kept any longer, and the journal says that it is done."""
    number = protocol.purge.number
    with database.transaction() as tx:
        line = _line(tx, protocol.purge, protocol.deleted, "done", now)
        write(journal, line)
        purges.end(tx, number, now)
        access_log.record(
            tx,
            "write",
            What.PURGE.of(number),
            now,
            stranger=operator,
            detail="done",
            records=len(protocol.deleted),
        )
    wiped(database)


def wiped(database: Database) -> bool:
    """Whether nothing of what was deleted lies beside the database file either."""
    with database.looking() as tx:
        return purging.wipe(tx)


def _to_be_done(tx: Transaction, number: int) -> Purge:
    found = purges.get(tx, number)
    if found is None:
        raise NotToBeDoneError(wording("retention.unknown", number=number))
    if found.done_at is not None:
        raise NotToBeDoneError(wording("retention.done_already", number=number, at=found.done_at))
    if not found.is_decided:
        raise NotToBeDoneError(wording("retention.undecided", number=number))
    if purging.is_importing(tx):
        raise NotToBeDoneError(wording("retention.importing"))
    return found


def _line(
    tx: Transaction, found: Purge, cases: Sequence[PurgeCase], step: Step, now: datetime
) -> JournalLine:
    key = tx.vault.log_key
    decided = tuple(f"{seat} {name} {at.isoformat()}" for seat, name, at in _names(tx, found))
    digests = tuple(f"{one.key_id}:{one.digest}" for one in cases)
    named = tuple(f"{one.name} {one.due.before}" for one in purge_classes.of_purge(tx, found.number))
    line = JournalLine(
        step, found.number, now, str(found.plan["source"]), decided, digests, key.id, classes=named
    )
    return line.signed(key.sign)


def _names(tx: Transaction, found: Purge) -> list[tuple[str, str, datetime]]:
    named = people.some(tx, [person_id for person_id, _ in found.deciders.values()])
    return [
        (seat, named[found.deciders[seat][0]].name, found.deciders[seat][1])
        for seat in SEATS
        if seat in found.deciders
    ]


def _delete(
    tx: Transaction, found: Purge, one: PurgeCase, plan: RetentionPlan, now: datetime, operator: str
) -> None:
    """Looked at once more, since something may have come in after the decision: then it stays."""
    assert one.reference is not None
    purges.hold_purge(tx, found.number)
    if purges.is_handled(tx, found.number, one.number):
        # The same command runs twice, and the other was quicker.
        return
    due = due_child(tx, one.reference, plan, now)
    if due is None:
        purges.mark(tx, found.number, one.number, now, kept_because=GONE)
    elif due.holds:
        purges.mark(tx, found.number, one.number, now, kept_because=due.holds[0])
    else:
        purges.mark(tx, found.number, one.number, now, deleted=purging.purge(tx, due.child))
        log_deleted(tx, found.number, due, now, operator)


def log_deleted(tx: Transaction, number: int, due: DueChild, now: datetime, operator: str) -> None:
    seen = What.PLACEMENT.each(due.child.placements)
    access_log.record(
        tx, "write", What.PURGE.of(number), now, stranger=operator, detail="deleted", seen=seen, records=1
    )


def _deleted(database: Database, number: int) -> list[str]:
    """The references of those that are gone: what is said of one who stays, stays."""
    with database.reading() as tx:
        cases = purges.cases(tx, number)
    return [one.reference for one in cases if one.reference is not None and one.deleted is not None]


def forget_messages(database: Database) -> int:
    number, place = 0, 0
    while True:
        with database.reading() as tx:
            about_them, after = purging.messages_after(tx, place, AT_A_TIME)
        if about_them:
            with database.piece() as tx:
                purging.delete_messages(tx, about_them)
        number += len(about_them)
        if after is None:
            return number
        place = after


def forget_answers(database: Database, references: Sequence[str]) -> int:
    number, place = 0, ""
    while True:
        with database.reading() as tx:
            telling, after = purging.answers_after(tx, references, place, AT_A_TIME)
        if telling:
            with database.piece() as tx:
                purging.empty_answers(tx, telling)
        number += len(telling)
        if after is None:
            return number
        place = after


def _told(database: Database, number: int, messages: int, answers: int) -> Protocol:
    done = wiped(database)
    with database.reading() as tx:
        found = purges.get(tx, number)
        assert found is not None
        return Protocol(
            found,
            purges.cases(tx, number),
            purge_classes.of_purge(tx, number),
            _names(tx, found),
            messages,
            answers,
            redacted(tx, number),
            done,
        )
