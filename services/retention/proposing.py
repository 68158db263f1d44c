"""A proposal to delete: of the children whose time has come by the plan, those that no other proposal is about."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from followup import PersonId
from followup.clocks.retention import RetentionPlan
from followup.log.subject import What
from followup.people import Conversation
from followup.times.calendar import municipal_day
from services.acting import Acting, Reader, Refused, Why
from services.retention import journal
from services.retention.classes import classes_due
from services.retention.deciding import tell_deciders
from services.retention.due import DueChild, due_from
from storage.engine.database import Transaction
from storage.log import access_log
from storage.retention import purge_classes, purges
from storage.retention.purge_classes import ClassDue
from storage.retention.purges import ProposedCase

# What a page looks through; the command looks through all at once.
LOOKED_AT = 300


@dataclass(frozen=True)
class Proposed:
    """About how many children and things of classes, and how many people are told that it waits for them."""

    number: int
    cases: int
    things: int
    told: int


@dataclass(frozen=True)
class Proposer:
    """Whose `name` stands at it, a person's or an account's; `official` is the key of who decides as a manager does."""

    name: str
    official: str
    person_id: PersonId | None = None


@dataclass(frozen=True)
class DueCounts:
    """Of how many children the time has come: who may go and stand in no proposal, and who are held.

    They are those of one page, of `all` whose time may have come; `classes` are the plan's, of what is in no proposal.
    """

    may_go: int
    proposed: int
    held: int
    all: int
    classes: tuple[ClassDue, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.may_go) or any(one.things for one in self.classes)


def due_on_page(reader: Reader, plan: RetentionPlan, page: int) -> tuple[list[DueChild], int]:
    """Those of a page, the first being 1, and how many there are on all: beside the writer, since all of each is read.

    In the order of their references, by which nobody moves to another page when a proposal is laid.
    """
    return due_from(reader.tx, plan, reader.now, (page - 1) * LOOKED_AT, LOOKED_AT)


def due_counts(reader: Reader, plan: RetentionPlan, page: int = 1) -> DueCounts | Refused:
    """No child by any name."""
    if not reader.may(Conversation.REGISTER):
        return reader.refuse(What.PURGE.of())
    (found, all_), waiting = due_on_page(reader, plan, page), purges.waiting(reader.tx)
    seen = [placement for one in found for placement in one.child.placements]
    reader.log("read", What.PURGE.of(), seen=What.PLACEMENT.each(seen), records=len(found))
    may_go = [one for one in found if not one.holds]
    proposed = sum(one.reference in waiting for one in may_go)
    classes = tuple(_unproposed(reader.tx, plan, reader.now))
    return DueCounts(len(may_go) - proposed, proposed, len(found) - len(may_go), all_, classes)


def _unproposed(tx: Transaction, plan: RetentionPlan, now: datetime) -> list[ClassDue]:
    waiting = purge_classes.waiting(tx)
    return [one for one in classes_due(tx, plan, municipal_day(now)) if one.term.name not in waiting]


def propose(acting: Acting, plan: RetentionPlan, found: Sequence[DueChild], kept: Path) -> Proposed | Refused:
    """Of what was found due beside the writer; refused as DONE where nothing is left to propose."""
    if not acting.may(Conversation.REGISTER):
        return acting.refuse(What.PURGE.of())
    by = Proposer(acting.person.name, acting.municipality.official, acting.person.id)
    done = proposed(acting.tx, plan, found, kept, acting.now, by)
    return done if done.cases or done.things else Refused(Why.DONE)


def proposed(
    tx: Transaction,
    plan: RetentionPlan,
    found: Sequence[DueChild],
    kept: Path,
    now: datetime,
    by: Proposer,
) -> Proposed:
    """Those who may decide are told in the same transaction; `kept` is the journal of what was deleted."""
    told, waiting = 0, purges.waiting(tx)
    cases = [
        ProposedCase(one.reference, one.last_on, one.exemptions)
        for one in found
        if not one.holds and one.reference not in waiting
    ]
    # No number twice, though a restored copy may not know of what was deleted after it.
    number = max([purges.newest_number(tx), *(line.number for line in journal.lines(kept))]) + 1
    of_classes = [one for one in _unproposed(tx, plan, now) if one.things]
    if cases or of_classes:
        purges.propose(tx, number, asdict(plan), cases, by.name, now)
        purge_classes.propose(tx, number, of_classes)
        access_log.record(
            tx,
            "write",
            What.PURGE.of(number),
            now,
            person_id=by.person_id,
            stranger=None if by.person_id else by.name,
            detail=f"proposed {len(cases)}",
            records=0,
        )
        told = tell_deciders(tx, number, by.official, now)
    return Proposed(number, len(cases), sum(one.things for one in of_classes), told)
