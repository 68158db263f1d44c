"""What was deleted and is there again, since an older copy was put back: told by the journal, and deleted once more."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from followup.clocks.retention import Hold, RetentionPlan
from followup.clocks.retention_classes import RetentionClass
from followup.log.subject import What
from followup.wording.wording import wording
from services.retention import carrying_out
from services.retention.carrying_out import NotToBeDoneError, forget_answers, forget_messages, log_deleted
from services.retention.classes import delete_class
from services.retention.due import due_child
from services.retention.journal import JournalLine, class_of, lines, write
from services.retention.log_reasons import forget_reasons
from storage.engine.database import Database, Transaction
from storage.engine.vault import LogKey
from storage.log import access_log, log_chain
from storage.retention import classes, holdings, purges, purging


@dataclass(frozen=True)
class ToRepeat:
    """A deletion of the journal of which something is here again; `signed` where the line is as the bot wrote it.

    `classes` are the retention classes of which something is, each with its day.
    """

    number: int
    at: datetime
    source: str
    references: tuple[str, ...]
    signed: bool
    classes: tuple[tuple[RetentionClass, date], ...] = ()


@dataclass(frozen=True)
class Repeated:
    """How many children's data, and rows of classes by table; `held` are children who have been placed anew."""

    deleted: int
    held: int
    rows: Mapping[str, int]


def to_repeat(tx: Transaction, journal: Path) -> list[ToRepeat]:
    """By number; nothing where all that was deleted is gone."""
    last: dict[int, JournalLine] = {}
    for line in lines(journal):
        # What was begun and not finished is the whole of what was decided on.
        last[line.number] = line
    if not last:
        return []
    keys = log_chain.known_keys(tx)
    here = _digests(tx, list(last.values()), keys)
    found = (
        ToRepeat(
            one.number,
            one.at,
            one.source,
            tuple(here[digest] for digest in one.cases if digest in here),
            one.key_id in keys and one.is_signed(keys[one.key_id].sign),
            tuple(_classes_here(tx, one)),
        )
        for one in last.values()
    )
    return [one for one in found if one.references or one.classes]


def _classes_here(tx: Transaction, line: JournalLine) -> Iterator[tuple[RetentionClass, date]]:
    for said in line.classes:
        one, before = class_of(said)
        if classes.due(tx, one, before, 0, 1):
            yield one, before


def _digests(tx: Transaction, found: Sequence[JournalLine], keys: Mapping[str, LogKey]) -> Mapping[str, str]:
    """Each child that is held, by what it would be called in the journal."""
    used = {digest.partition(":")[0] for line in found for digest in line.cases} & keys.keys()
    return {
        f"{key_id}:{purges.digest_of(keys[key_id], reference)}": reference
        for reference in _references(tx)
        for key_id in used
    }


def _references(tx: Transaction) -> Iterator[str]:
    after = ""
    while some := holdings.references(tx, after, carrying_out.AT_A_TIME):
        yield from some
        after = some[-1]


def repeat(
    database: Database, number: int, journal: Path, plan: RetentionPlan, now: datetime, operator: str
) -> Repeated:
    """The decision stands in the journal, signed; raises NotToBeDoneError, and UnwritableJournalError."""
    with database.reading() as tx:
        wanted = next((one for one in to_repeat(tx, journal) if one.number == number), None)
    if wanted is None:
        raise NotToBeDoneError(wording("retention.nothing_again", number=number))
    if not wanted.signed:
        raise NotToBeDoneError(wording("retention.unsigned", number=number))
    with database.reading() as tx:
        if purging.is_importing(tx):
            raise NotToBeDoneError(wording("retention.importing"))
    write(journal, next(one for one in reversed(lines(journal)) if one.number == number))
    deleted: list[str] = []
    for reference in wanted.references:
        with database.piece() as tx:
            if _delete_again(tx, number, reference, plan, now, operator):
                deleted.append(reference)
    rows: Counter[str] = Counter()
    for name, before in wanted.classes:
        rows.update(delete_class(database, number, name, before, now))
    forget_messages(database)
    forget_answers(database, wanted.references)
    forget_reasons(database, number, deleted, now)
    _end(database, number, len(deleted), now, operator)
    carrying_out.wiped(database)
    return Repeated(len(deleted), len(wanted.references) - len(deleted), dict(rows))


def _delete_again(
    tx: Transaction, number: int, reference: str, plan: RetentionPlan, now: datetime, operator: str
) -> bool:
    due = due_child(tx, reference, plan, now)
    if due is None or Hold.OPEN in due.holds:
        return False
    purging.purge(tx, due.child)
    log_deleted(tx, number, due, now, operator)
    return True


def _end(database: Database, number: int, deleted: int, now: datetime, operator: str) -> None:
    """A decision that the copy knows of as not yet carried out keeps no reference either."""
    with database.transaction() as tx:
        purges.forget_references(tx, number)
        access_log.record(
            tx, "write", What.PURGE.of(number), now, stranger=operator, detail="again", records=deleted
        )
